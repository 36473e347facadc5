# Settings that every target of this repository shares.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_SYSTEM_NAME STREQUAL "WASI")
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()

find_program(BAO_CCACHE ccache)
if(BAO_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Relative to the source folder, so that what one clone compiled serves the others.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND};-E;env;CCACHE_BASEDIR=${PROJECT_SOURCE_DIR};CCACHE_NOHASHDIR=1;${BAO_CCACHE}")
endif()

# Flags of our own code; never part of what an outside project gets.
add_library(bao_flags INTERFACE)
target_compile_options(bao_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
                                           -Wcast-qual -Wconversion -Wsign-conversion -Woverloaded-virtual)
if(BAO_WERROR)
  target_compile_options(bao_flags INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these for correct code (std::variant copies, coroutine frames): GCC bugs 105562, 105593, 107138.
  target_compile_options(bao_flags INTERFACE -Wno-maybe-uninitialized -Wno-missing-field-initializers -Wno-restrict)
else()
  # Options structs are meant to be filled in part, by designated initialisers.
  target_compile_options(bao_flags INTERFACE -Wno-missing-designated-field-initializers -Wno-missing-field-initializers)
endif()
if(BAO_SANITIZE)
  # The core has no type information, which the vptr check would need of every object it meets.
  add_compile_options(-fsanitize=${BAO_SANITIZE} -fno-sanitize=vptr -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BAO_SANITIZE})
endif()

if(BAO_BUILD_FUZZERS)
  # The fuzzers steer by the coverage of the code they call; one build serves the tests and the fuzzers.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# The core neither throws nor needs type information: it is built for WebAssembly from the same sources.
add_library(bao_core_flags INTERFACE)
target_link_libraries(bao_core_flags INTERFACE bao_flags)
target_compile_options(bao_core_flags INTERFACE -fno-exceptions -fno-rtti)

# bao_room(<target> <folder> [CORE] [EXCLUDE <regex>] [LINK <libraries>...]): a static library of a folder's *.cpp; EXCLUDE
# matches the paths of those that other rooms hold.
function(bao_room target folder)
  cmake_parse_arguments(ROOM "CORE" "EXCLUDE" "LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${folder}/*.cpp")
  if(ROOM_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${ROOM_EXCLUDE}")
  endif()
  if(NOT sources)
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(${target} INTERFACE ${ROOM_LINK})
    return()
  endif()
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(${target} PUBLIC ${ROOM_LINK})
  target_compile_options(${target} PRIVATE ${bao_profile_options})
  if(ROOM_CORE)
    target_link_libraries(${target} PRIVATE bao_core_flags)
  else()
    target_link_libraries(${target} PRIVATE bao_flags)
  endif()
endfunction()
