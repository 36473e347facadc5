// What libc++ and libc++abi call where a precondition is broken. Their own ones print, which brings stdio
// into the module, a tenth of it.

#include <version>

#include <__verbose_abort>

_LIBCPP_BEGIN_NAMESPACE_STD

[[noreturn]] void __libcpp_verbose_abort(const char* /*format*/, ...) {
  __builtin_trap();
}

_LIBCPP_END_NAMESPACE_STD

extern "C" [[noreturn]] void abort_message(const char* /*format*/, ...) {
  __builtin_trap();
}
