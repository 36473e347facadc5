# Profile-guided optimisation with clang: cmake/bao.proftext holds how often the parts of each function ran while bench/profile.sh
# did the work of a client and of the embedded engine. The compiler inlines and lays out code by it (docs/benchmarks.md says
# what that gives). Functions that changed since are compiled as without it; `./dev profile` makes the file anew.
set(BAO_PROFILE "use" CACHE STRING "use: optimise release builds by cmake/bao.proftext; generate: count for a new one; off")
set_property(CACHE BAO_PROFILE PROPERTY STRINGS use generate off)

# The options of the libraries' own sources; empty where the compiler cannot read the file.
set(bao_profile_options "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND NOT CMAKE_SYSTEM_NAME STREQUAL "WASI" AND NOT BAO_SANITIZE)
  # Names of functions of one file must not tell where the source folder is.
  set(bao_profile_names "SHELL:-mllvm -static-func-full-module-prefix=false")
  if(BAO_PROFILE STREQUAL "generate")
    set(bao_profile_options -fprofile-generate "${bao_profile_names}")
    add_link_options(-fprofile-generate)
  elseif(BAO_PROFILE STREQUAL "use" AND CMAKE_BUILD_TYPE MATCHES "^(Release|RelWithDebInfo)$")
    string(REGEX MATCH "^[0-9]+" bao_clang_major "${CMAKE_CXX_COMPILER_VERSION}")
    find_program(BAO_PROFDATA NAMES llvm-profdata-${bao_clang_major} llvm-profdata)
    set(bao_profile_text "${PROJECT_SOURCE_DIR}/cmake/bao.proftext")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${bao_profile_text}")
    if(BAO_PROFDATA)
      # Compilers do not tell that they read it: with its hash in the name, a new profile is a new command for each object.
      file(SHA256 "${bao_profile_text}" bao_profile_hash)
      string(SUBSTRING "${bao_profile_hash}" 0 8 bao_profile_hash)
      set(bao_profile_file "bao-${bao_profile_hash}.profdata")
      execute_process(COMMAND "${BAO_PROFDATA}" merge -o "${PROJECT_BINARY_DIR}/${bao_profile_file}" "${bao_profile_text}"
                      RESULT_VARIABLE bao_profile_failed OUTPUT_QUIET ERROR_QUIET)
      if(bao_profile_failed EQUAL 0)
        # Ninja runs the compiler in the folder of the build. A relative path there lets ccache serve several clones.
        set(bao_profile_path "${PROJECT_BINARY_DIR}/${bao_profile_file}")
        if(CMAKE_GENERATOR MATCHES "Ninja" AND PROJECT_BINARY_DIR STREQUAL CMAKE_BINARY_DIR)
          set(bao_profile_path "${bao_profile_file}")
        endif()
        set(bao_profile_options "-fprofile-use=${bao_profile_path}" "${bao_profile_names}" -Wno-profile-instr-unprofiled
                                -Wno-profile-instr-out-of-date -Wno-backend-plugin)
      endif()
    endif()
    if(NOT bao_profile_options)
      message(STATUS "Without the profile: no llvm-profdata of clang ${bao_clang_major} that can read cmake/bao.proftext")
    endif()
  endif()
endif()
