# Functions that declare tests.

# One GoogleTest program of every *.cpp below a folder of tests/.
function(bao_test_program target folder)
  cmake_parse_arguments(TEST "" "TIMEOUT" "LINK;LABELS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/tests/${folder}/*.cpp")
  if(NOT sources)
    return()
  endif()
  add_executable(${target} ${sources})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(${target} PRIVATE ${TEST_LINK} bao_test_support GTest::gmock GTest::gtest_main bao_flags)
  gtest_discover_tests(${target} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}" DISCOVERY_TIMEOUT 60)
endfunction()

# bao_unit_test(<name> [FOLDER <folder>] LINK <libraries>...): tests/unit/<name>, or tests/<folder>. Left out of builds
# that hold only the end-to-end tests.
function(bao_unit_test name)
  cmake_parse_arguments(TEST "" "FOLDER" "LINK" ${ARGN})
  if(NOT BAO_TEST_SET STREQUAL "all")
    return()
  endif()
  if(NOT TEST_FOLDER)
    set(TEST_FOLDER "unit/${name}")
  endif()
  string(REPLACE "/" "_" target "${TEST_FOLDER}")
  bao_test_program(${target} ${TEST_FOLDER} TIMEOUT 120 LABELS unit LINK ${TEST_LINK})
endfunction()

# bao_end_to_end_test(<folder> LINK <libraries>...): tests/<folder>, which runs the product against engines (tests/peers).
# In every build that has tests: under the sanitizers, and as it is shipped.
function(bao_end_to_end_test folder)
  cmake_parse_arguments(TEST "" "" "LINK" ${ARGN})
  bao_test_program(${folder} ${folder} TIMEOUT 300 LABELS end_to_end LINK ${TEST_LINK})
endfunction()
