# bao_generate_models(<target> <definitions> [OUTPUT <folder>] [FIELDS_INCLUDE <header>])
#
# Generates C++ models from a YAML file (or a folder of them) when it changes, for a target to include as
# <models/models.hpp> or <models/user.hpp>. <folder> is where the folder `models` is made; by default one of the target's
# own in the binary directory. <header> has the C++ types of custom fields, as the generated headers include it. Works in this repository and, after find_package(bao), in any project.
function(bao_generate_models target definitions)
  cmake_parse_arguments(PARSE_ARGV 2 MODELS "" "OUTPUT;FIELDS_INCLUDE" "")
  if(MODELS_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "bao_generate_models: unknown argument '${MODELS_UNPARSED_ARGUMENTS}'")
  endif()
  get_filename_component(definitions "${definitions}" ABSOLUTE)
  if(NOT EXISTS "${definitions}")
    message(FATAL_ERROR "bao_generate_models: ${definitions} does not exist")
  endif()
  if(NOT MODELS_OUTPUT)
    set(MODELS_OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${target}_generated")
  endif()
  get_filename_component(MODELS_OUTPUT "${MODELS_OUTPUT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")

  set(inputs "${definitions}")
  if(IS_DIRECTORY "${definitions}")
    file(GLOB inputs CONFIGURE_DEPENDS "${definitions}/*.yaml" "${definitions}/*.yml")
  endif()
  if(TARGET bao_cli)
    set(program bao_cli)
  else()
    set(program bao::cli)
  endif()

  set(options "")
  if(MODELS_FIELDS_INCLUDE)
    set(options --fields-include "${MODELS_FIELDS_INCLUDE}")
  endif()

  # The stamp is newer than the headers, which a run leaves untouched where they are equal.
  set(stamp "${MODELS_OUTPUT}/models.stamp")
  add_custom_command(
    OUTPUT "${stamp}"
    BYPRODUCTS "${MODELS_OUTPUT}/models/models.hpp"
    COMMAND ${program} codegen "${definitions}" "${MODELS_OUTPUT}/models" ${options}
    COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
    DEPENDS ${inputs} ${program}
    COMMENT "Generating models of ${target}"
    VERBATIM)
  add_custom_target(${target}_models DEPENDS "${stamp}")
  add_dependencies(${target} ${target}_models)

  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    target_include_directories(${target} INTERFACE "${MODELS_OUTPUT}")
  else()
    target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${MODELS_OUTPUT}>")
  endif()
endfunction()
