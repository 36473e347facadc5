#!/usr/bin/env python3
"""Enforces the boundaries between the rooms of the source tree and the hygiene of its files.

    tests/tidy/tidy.py [ROOT]

Prints one line for each violation, `path:line: [rule] message`, and exits 1 when there is one. Each rule is a
function of a file that yields (line number, message); tests/tidy/tidy_test.py plants a violation for each of them.
"""
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field

# What a room may include besides itself. A path stands for everything below it.
ALLOWED_INCLUDES = {
    "core/value": [],
    "core/schema": ["core/value"],
    "core/keys": ["core/value", "core/schema"],
    "core/expression": ["core/value", "core/schema", "core/keys"],
    # core/request/http.hpp is vocabulary: the request and the response as values.
    "core/aws": ["core/value", "core/request/http.hpp"],
    "core/request": ["core/value", "core/schema", "core/keys", "core/expression", "core/aws"],
    "core/search": ["core/value", "core/schema", "core/keys"],
    "core/engine": ["core"],
    "core/fsck": ["core"],
    "local": ["core/value", "core/expression", "core/aws/fault.hpp"],
    "codegen": ["core/value", "core/schema"],
    "native": ["core", "local"],
    "wasm": ["core", "local", "codegen"],
    "wasm_tools": ["core/value", "core/schema", "codegen"],
    "cli": ["core", "local", "codegen", "native"],
}
CORE_PUBLIC_HEADERS = {"bao/value.hpp", "bao/error.hpp", "bao/condition.hpp", "bao/definition.hpp", "bao/capacity.hpp"}

# The core is portable and sans-I/O: these standard headers bring files, threads, time, chance or big tables.
CORE_FORBIDDEN_STANDARD_HEADERS = {
    "atomic", "condition_variable", "exception", "filesystem", "format", "fstream", "future", "generator", "iostream",
    "latch", "locale", "mutex", "print", "random", "regex", "semaphore", "shared_mutex", "sstream", "stdexcept",
    "stop_token", "thread",
}
PROCESSOR_HEADERS = {"cpuid.h", "emmintrin.h", "immintrin.h", "nmmintrin.h", "smmintrin.h", "tmmintrin.h", "arm_neon.h", "wasm_simd128.h"}
CORE_FORBIDDEN_CODE = {
    r"::now\s*\(": "reads a clock",
    r"\b(system|steady|high_resolution)_clock\b": "names a clock",
    r"\b(clock_gettime|gettimeofday|localtime|gmtime)\b": "reads a clock",
    r"\bstd::time\s*\(": "reads a clock",
    r"\brandom_device\b|\bs?rand\s*\(|\bgetrandom\b": "makes a random value",
    r"\bgetenv\b": "reads the environment",
    r"\bthrow\b|\btry\b|\bcatch\b": "uses exceptions",
    r"\bdynamic_cast\b|\btypeid\b": "needs type information",
    r"\bf(open|read|write|printf|puts)\s*\(|(?<!\w)(printf|puts)\s*\(|\bstd::c(out|err|in)\b": "does I/O",
    r"\bthread_local\b|\bstd::(thread|mutex|atomic)\b": "knows threads",
}

LONGEST_SOURCE_LINES = 600
CODE_SUFFIXES = (".cpp", ".hpp", ".h")
TEXT_SUFFIXES = CODE_SUFFIXES + (".cmake", ".in", ".txt", ".py", ".sh", ".js", ".mjs", ".cjs", ".ts", ".json", ".md", ".yaml", ".yml")
SCRIPTS_WITHOUT_SUFFIX = {"dev", ".ci/run", "tests/run", "tests/peers/start"}
# Kept as another program makes them, or bad on purpose.
DATA_FOLDERS = ("tests/data/", "tests/guide/guide.txt", "tests/broken_yaml/", "tests/fuzz/corpus/")


@dataclass
class SourceFile:
    path: str  # relative to the root, with /
    text: str
    root: str = "."
    code: str = field(init=False)  # C++ only: comments and literals blanked, lines kept
    includes: list = field(init=False)  # C++ only: (line, quote or angle, path)

    def __post_init__(self):
        is_code = self.path.endswith(CODE_SUFFIXES)
        self.code = blank_comments_and_literals(self.text) if is_code else ""
        self.includes = find_includes(self.text) if is_code else []

    def is_below(self, folder):
        return self.path.startswith(folder)


TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL,
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def blank_comments_and_literals(text):
    return TOKEN.sub(lambda match: "\n" * match.group().count("\n") or " ", text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def find_includes(text):
    return [(line_of(text, found.start()), found.group(1), found.group(2)) for found in INCLUDE.finditer(text)]


def matches(pattern, text):
    for found in re.finditer(pattern, text):
        yield line_of(text, found.start()), found.group()


def room_of(path):
    """The room of a path below src/ (or of an include path), or None."""
    parts = path.split("/")
    if parts[0] == "core":
        room = "/".join(parts[:2])
    else:
        room = parts[0]
    return room if room in ALLOWED_INCLUDES else None


# ---- Boundaries between rooms


def rooms_include_downwards(file):
    if not file.is_below("src/") or not file.path.endswith(CODE_SUFFIXES):
        return
    room = room_of(file.path.removeprefix("src/"))
    if room is None:
        yield 1, "lies in no room that tests/tidy/tidy.py knows"
        return
    for line, quote, path in file.includes:
        if quote != '"':
            continue
        allowed = [room, *ALLOWED_INCLUDES[room]]
        if not any(path == entry or path.startswith(entry + "/") for entry in allowed):
            yield line, f'{room} must not include "{path}"'


def core_uses_vocabulary_headers_only(file):
    if not file.is_below("src/core/"):
        return
    for line, quote, path in file.includes:
        if path.startswith("bao/") and path not in CORE_PUBLIC_HEADERS:
            yield line, f"the core must not include <{path}>"


def core_uses_standard_library_only(file):
    if not file.is_below("src/core/"):
        return
    for line, quote, path in file.includes:
        if quote != "<" or path.startswith("bao/"):
            continue
        if path in CORE_FORBIDDEN_STANDARD_HEADERS:
            yield line, f"the core must not include <{path}>"
        elif not re.fullmatch(r"[a-z_0-9]+", path) and path not in PROCESSOR_HEADERS:
            yield line, f"<{path}> is not of the C++ standard library"


def core_is_pure(file):
    if not file.is_below("src/core/"):
        return
    for pattern, what in CORE_FORBIDDEN_CODE.items():
        for line, found in matches(pattern, file.code):
            yield line, f"the core {what}: {found.strip()}"


def public_headers_hide_internals(file):
    if not file.is_below("include/bao/"):
        return
    for line, quote, path in file.includes:
        if quote == '"' or path.split("/")[0] in ("core", "native", "local", "codegen", "wasm", "cli"):
            yield line, f"a public header must not include {path}"


def headers_are_guarded(file):
    if file.path.endswith((".hpp", ".h")) and "#pragma once" not in file.code:
        yield 1, "has no #pragma once"


# ---- Hygiene


def has_no_tabs(file):
    for line, _ in matches(r"\t", file.text):
        yield line, "has a tab"


def has_no_trailing_space(file):
    for line, _ in matches(r"(?m)[ \r]+$", file.text):
        yield line, "ends in white space"


def ends_with_one_newline(file):
    if file.text and (not file.text.endswith("\n") or file.text.endswith("\n\n")):
        yield line_of(file.text, len(file.text)), "must end with one newline"


def is_not_too_long(file):
    lines = file.text.count("\n")
    if file.is_below(("src/", "include/")) and lines > LONGEST_SOURCE_LINES:
        yield lines, f"has {lines} lines: which two things does it do?"


def is_finished(file):
    for line, found in matches(r"\b(TODO|FIXME|XXX|HACK)\b", file.text):
        yield line, f"says {found}"


def is_ascii(file):
    if file.path.endswith(".md") or file.is_below("tests/"):
        return
    for line, found in matches(r"[^\x00-\x7f]", file.text):
        yield line, f"has the non-ASCII character U+{ord(found):04X} (write an escape)"


def names_no_machine_path(file):
    for line, found in matches(r"(?<![\w.])/work/[\w.]*", file.text):
        yield line, f"names a path of one machine: {found}"
    if not file.is_below("tests/"):  # tests make up home folders
        for line, found in matches(r"(?<![\w.])/(home|root)/[\w.]*", file.text):
            yield line, f"names a path of one machine: {found}"
    if file.is_below(("src/", "include/")):
        for line, found in matches(r"(?<![\w.])/(tmp|var/tmp)\b", file.text):
            yield line, f"names a fixed temporary path: {found}"


def names_no_registry_host(file):
    for line, found in matches(r"registry\.[a-z]+\.\w+|npmjs\.\w+|deb\.debian\.org|pypi\.org|\"resolved\":", file.text):
        yield line, f"names a package registry's host: {found}"


def docs_name_real_commands(file):
    if not file.path.endswith(".md"):
        return
    known = {"setup", "build", "test", "demo", "example", "bench", "profile", "lint", "format", "clean", "COMMAND"}
    for line, found in matches(r"\./dev +[\w-]+", file.text):
        command = found.split()[1]
        if command not in known and not command.startswith("-"):
            yield line, f"./dev has no command '{command}'"


def without_code(text):
    """Markdown with its code blocks blanked, lines kept."""
    return re.sub(r"(?ms)^ *```.*?^ *```$", lambda block: "\n" * block.group().count("\n"), text)


def anchors_of(path):
    """What links to a Markdown file may name: its headings as GitHub spells them, and its `<a id=...>`."""
    if not path.endswith(".md"):
        return set()
    with open(path, encoding="utf-8") as opened:
        text = without_code(opened.read())
    anchors = set(re.findall(r'<a id="([^"]+)">', text))
    for heading in re.findall(r"(?m)^#+ (.*)$", text):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number = 0
        while (name := f"{slug}-{number}" if number else slug) in anchors:
            number += 1
        anchors.add(name)
    return anchors


def links_lead_somewhere(file):
    """Links inside the repository; those of docs/parity.md, to the test that their text names."""
    if not file.path.endswith(".md"):
        return
    for line, link in matches(r"\[[^\]\n]+\]\((?!https?:)[^)\s]+\)", without_code(file.text)):
        label, target, anchor = re.fullmatch(r"\[(.+)\]\(([^#]*)(?:#(.*))?\)", link).groups()
        path = os.path.normpath(os.path.join(file.root, os.path.dirname(file.path), target) if target else os.path.join(file.root, file.path))
        if not os.path.exists(path):
            yield line, f"{target} does not exist"
        elif anchor and anchor not in anchors_of(path):
            yield line, f"{target or 'this page'} has no heading #{anchor}"
        elif file.path == "docs/parity.md" and os.path.isfile(path):
            with open(path, encoding="utf-8") as opened:
                if label not in opened.read():
                    yield line, f"{target} has no test '{label}'"


RULES = [
    rooms_include_downwards,
    core_uses_vocabulary_headers_only,
    core_uses_standard_library_only,
    core_is_pure,
    public_headers_hide_internals,
    headers_are_guarded,
    has_no_tabs,
    has_no_trailing_space,
    ends_with_one_newline,
    is_not_too_long,
    is_finished,
    is_ascii,
    names_no_machine_path,
    names_no_registry_host,
    docs_name_real_commands,
    links_lead_somewhere,
]
# The rules and their test must spell what they forbid.
RULES_THAT_SKIP_THEMSELVES = {is_finished, names_no_machine_path, names_no_registry_host, docs_name_real_commands}

REQUIRED_FILES = ["LICENSE", "THIRD-PARTY-NOTICES.md", "README.md", "docs/hacking.md"]


def list_files(root):
    if os.path.exists(os.path.join(root, ".git")):
        command = ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return sorted(path for path in listed.split("\0") if path and os.path.isfile(os.path.join(root, path)))
    found = []
    for folder, _, names in os.walk(root):
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def is_our_text(path):
    return (path.endswith(TEXT_SUFFIXES) or path in SCRIPTS_WITHOUT_SUFFIX) and not path.startswith(DATA_FOLDERS)


def check_tree(root):
    """Every violation below the root, as (path, line, rule name, message)."""
    paths = list_files(root)
    violations = [(path, 0, "required_files", "is missing") for path in REQUIRED_FILES if path not in paths]
    for path in filter(is_our_text, paths):
        with open(os.path.join(root, path), encoding="utf-8", newline="") as opened:
            try:
                file = SourceFile(path, opened.read(), root)
            except UnicodeDecodeError as error:
                violations.append((path, 0, "is_ascii", f"is not UTF-8: {error}"))
                continue
        for rule in RULES:
            if rule in RULES_THAT_SKIP_THEMSELVES and path.startswith("tests/tidy/"):
                continue
            violations += [(path, line, rule.__name__, message) for line, message in rule(file)]
    return violations


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    violations = check_tree(root)
    for path, line, rule, message in violations:
        print(f"{path}:{line}: [{rule}] {message}")
    print(f"tidy: {len(violations)} violations of {len(RULES) + 1} rules")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
