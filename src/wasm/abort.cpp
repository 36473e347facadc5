// What libc++ calls where a precondition is broken. Its own one prints, which brings stdio into the module.

#include <version>

#include <__verbose_abort>

_LIBCPP_BEGIN_NAMESPACE_STD

[[noreturn]] void __libcpp_verbose_abort(const char* /*format*/, ...) {
  __builtin_trap();
}

_LIBCPP_END_NAMESPACE_STD
