# The library as others get it: target bao::bao, one archive of all its rooms, with include/bao and nothing internal.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

add_library(bao STATIC)
add_library(bao::bao ALIAS bao)
foreach(room IN ITEMS bao_core_value bao_core_schema bao_core_keys bao_core_expression bao_core_aws bao_core_request
                      bao_core_search bao_core_engine bao_core_fsck bao_local bao_local_lmdb bao_native)
  if(NOT TARGET ${room})
    continue()
  endif()
  get_target_property(type ${room} TYPE)
  if(type STREQUAL "STATIC_LIBRARY") # a room without sources has only headers
    target_sources(bao PRIVATE $<TARGET_OBJECTS:${room}>)
  endif()
endforeach()
set_target_properties(bao PROPERTIES LINKER_LANGUAGE CXX)
target_compile_features(bao PUBLIC cxx_std_23)
target_include_directories(bao PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
# Static: users link these although no header of theirs is needed. The same list stands in BaoConfig.cmake.in, but for lmdb
# and utf8proc, which have no package files: the linker finds them. Programs with the property BAO_SELF_CONTAINED get the
# archives, here and after find_package(bao).
target_link_libraries(bao PRIVATE Threads::Threads
  "$<${bao_self_contained}:libssl.a;libcrypto.a;libyaml-cpp.a;liblmdb.a;libutf8proc.a>"
  "$<$<NOT:${bao_self_contained}>:OpenSSL::SSL;OpenSSL::Crypto;yaml-cpp;lmdb;utf8proc>")

install(TARGETS bao EXPORT bao_targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET bao_cli)
  install(TARGETS bao_cli EXPORT bao_targets RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/bao" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/bao")
install(EXPORT bao_targets NAMESPACE bao:: FILE BaoTargets.cmake DESTINATION ${package_folder})
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/BaoConfig.cmake.in" "${PROJECT_BINARY_DIR}/baoConfig.cmake"
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/baoConfigVersion.cmake" COMPATIBILITY SameMajorVersion)
install(FILES "${PROJECT_BINARY_DIR}/baoConfig.cmake" "${PROJECT_BINARY_DIR}/baoConfigVersion.cmake"
        DESTINATION ${package_folder})
if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/BaoGenerateModels.cmake")
  install(FILES "${CMAKE_CURRENT_LIST_DIR}/BaoGenerateModels.cmake" DESTINATION ${package_folder})
endif()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/THIRD-PARTY-NOTICES.md" DESTINATION ${CMAKE_INSTALL_DOCDIR})
