#!/usr/bin/env python3
"""Plants a violation of every rule of tidy.py in a small clean tree: each must be found, by its rule, at its line."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tidy

CLEAN_TREE = {
    "LICENSE": "MIT\n",
    "THIRD-PARTY-NOTICES.md": "# Notices\n",
    "README.md": "# Name\n\n    ./dev test\n",
    "docs/hacking.md": "# Hacking\n",
    "include/bao/value.hpp": "#pragma once\n#include <string>\n",
    "src/core/value/number.hpp": "#pragma once\n#include <bao/value.hpp>\n",
    "src/core/keys/row.cpp": '#include "core/value/number.hpp"\n// may throw a ball; "try" it: rand() TAB\nint x = 1\'000;\n',
    "src/core/engine/run.cpp": '#include "core/keys/row.hpp"\nconst char* text = "throw ::now( getenv";\n',
    "src/native/loop.cpp": '#include <boost/asio.hpp>\n#include "core/engine/run.hpp"\nint now() { throw 1; }\n',
}

# rule: [(path, planted text, line of the violation)]; several rows where a rule has several ways to be broken.
PLANTED = {
    "rooms_include_downwards": [
        ("src/core/value/a.cpp", '#include "core/schema/schema.hpp"\n', 1),
        ("src/core/value/b.cpp", '\n  #  include "native/http/pool.hpp"\n', 2),
        ("src/core/schema/c.cpp", '#include "core/keys/row_keys.hpp"\n', 1),
        ("src/core/keys/d.cpp", '#include "core/expression/expression.hpp"\n', 1),
        ("src/core/expression/e.cpp", '#include "core/request/body.hpp"\n', 1),
        ("src/core/aws/f.cpp", '#include "core/schema/schema.hpp"\n', 1),
        ("src/core/request/g.cpp", '#include "core/engine/engine.hpp"\n', 1),
        ("src/core/engine/h.cpp", '#include "local/local_engine.hpp"\n', 1),
        ("src/core/engine/i.cpp", '#include "wasm/abi.hpp"\n', 1),
        ("src/core/engine/j.cpp", '#include "cli/main.hpp"\n', 1),
        ("src/local/k.cpp", '#include "core/engine/engine.hpp"\n', 1),
        ("src/codegen/l.cpp", '#include "native/yaml/load.hpp"\n', 1),
        ("src/native/m.cpp", '#include "cli/main.hpp"\n', 1),
        ("src/core/value/n.cpp", '#include "number.hpp"\n', 1),
        ("src/attic/o.cpp", "int x;\n", 1),
    ],
    "core_uses_vocabulary_headers_only": [("src/core/value/a.cpp", "#include <bao/task.hpp>\n", 1)],
    "core_uses_standard_library_only": [
        ("src/core/value/a.cpp", "#include <boost/asio.hpp>\n", 1),
        ("src/core/value/b.cpp", "#include <openssl/sha.h>\n", 1),
        ("src/core/value/c.cpp", "#include <yaml-cpp/yaml.h>\n", 1),
        ("src/core/value/d.cpp", "#include <fmt/format.h>\n", 1),
        ("src/core/value/e.cpp", "#include <unistd.h>\n", 1),
        ("src/core/value/f.cpp", "#include <string>\n#include <fstream>\n", 2),
        ("src/core/value/g.cpp", "#include <iostream>\n", 1),
        ("src/core/value/h.cpp", "#include <thread>\n", 1),
        ("src/core/value/i.cpp", "#include <mutex>\n", 1),
    ],
    "core_is_pure": [
        ("src/core/value/a.cpp", "auto t = std::chrono::steady_clock::time_point{};\n", 1),
        ("src/core/value/b.cpp", "auto t = Clock::now();\n", 1),
        ("src/core/value/c.cpp", "std::random_device device;\n", 1),
        ("src/core/value/d.cpp", "int r = rand();\n", 1),
        ("src/core/value/e.cpp", 'auto* e = getenv("HOME");\n', 1),
        ("src/core/value/f.cpp", "int a; /* two\nlines */\nvoid g() { throw 1; }\n", 3),
        ("src/core/value/g.cpp", "void g() { try { h(); } catch (...) {} }\n", 1),
        ("src/core/value/h.cpp", "auto* d = dynamic_cast<D*>(b);\n", 1),
        ("src/core/value/i.cpp", 'void g() { std::printf("x"); }\n', 1),
        ("src/core/value/j.cpp", "thread_local int x;\n", 1),
        ("src/core/value/k.cpp", "long t = std::time(nullptr);\n", 1),
        ("src/core/value/l.cpp", 'auto s = R"(")"; int a = 1\'000; auto r = rand();\n', 1),
        ("src/core/value/m.cpp", "timespec t; clock_gettime(0, &t);\n", 1),
    ],
    "public_headers_hide_internals": [
        ("include/bao/a.hpp", '#pragma once\n#include "core/value/document.hpp"\n', 2),
        ("include/bao/b.hpp", "#pragma once\n#include <native/http/pool.hpp>\n", 2),
    ],
    "headers_are_guarded": [("src/core/value/a.hpp", "// #pragma once\nint x;\n", 1)],
    "has_no_tabs": [("src/core/value/a.cpp", "int x;\n\tint y;\n", 2)],
    "has_no_trailing_space": [
        ("docs/a.md", "one\ntwo \n", 2),
        ("docs/b.md", "one\r\n", 1),
    ],
    "ends_with_one_newline": [
        ("docs/a.md", "one", 1),
        ("docs/b.md", "one\n\n", 3),
    ],
    "is_not_too_long": [("src/core/value/a.cpp", "int x;\n" * 601, 601)],
    "is_finished": [
        ("src/core/value/a.cpp", "// TODO: more\n", 1),
        ("cmake/a.cmake", "# FIXME\n", 1),
    ],
    "is_ascii": [("src/core/value/a.cpp", "// caf\u00e9\n", 1)],
    "names_no_machine_path": [
        ("src/core/value/a.cpp", '// see "/work/x"\n', 1),
        ("docs/a.md", "in /home/me/x\n", 1),
        ("src/native/a.cpp", 'auto* p = "/tmp/file";\n', 1),
    ],
    "names_no_registry_host": [
        ("tests/a/package-lock.json", '{"resolved": "x"}\n', 1),
        ("docs/a.md", "https://registry.npmjs.org/x\n", 1),
    ],
    "docs_name_real_commands": [("docs/a.md", "run ./dev polish\n", 1)],
    "links_lead_somewhere": [
        ("docs/a.md", "[b](https://b.c) [c](hacking.md#hacking)\n[d](none.md)\n", 2),
        ("docs/b.md", "# The `b`: all\n\n[b](#the-b-all) [c](hacking.md#working)\n", 3),
        ("docs/c.md", "# C\n\n```sh\n# D\n```\n\n[d](#d)\n", 7),
        ("docs/parity.md", "[Hacking](hacking.md)\n[no such test](../src/native/loop.cpp)\n", 2),
    ],
}


def write_tree(root, files):
    for path, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
        with open(os.path.join(root, path), "w", encoding="utf-8", newline="") as opened:
            opened.write(text)


def violations_of(files):
    with tempfile.TemporaryDirectory() as root:
        write_tree(root, files)
        return {(path, line, rule) for path, line, rule, _ in tidy.check_tree(root)}


class TidyTest(unittest.TestCase):
    def test_a_clean_tree_has_no_violation(self):
        self.assertEqual(violations_of(CLEAN_TREE), set())

    def test_every_rule_finds_what_is_planted_and_nothing_else(self):
        for rule, rows in PLANTED.items():
            for path, text, line in rows:
                with self.subTest(rule=rule, path=path):
                    self.assertEqual(violations_of({**CLEAN_TREE, path: text}), {(path, line, rule)})

    def test_every_rule_has_a_planted_violation(self):
        self.assertEqual({rule.__name__ for rule in tidy.RULES}, set(PLANTED))

    def test_required_files(self):
        for path in tidy.REQUIRED_FILES:
            rest = {name: text for name, text in CLEAN_TREE.items() if name != path}
            self.assertEqual(violations_of(rest), {(path, 0, "required_files")})

    def test_every_kind_of_forbidden_code_has_a_planted_violation(self):
        planted = [tidy.SourceFile(path, text).code for path, text, _ in PLANTED["core_is_pure"]]
        for pattern in tidy.CORE_FORBIDDEN_CODE:
            with self.subTest(pattern=pattern):
                self.assertTrue(any(list(tidy.matches(pattern, code)) for code in planted))

    def test_data_is_left_alone(self):
        self.assertEqual(violations_of({**CLEAN_TREE, "tests/data/odd.json": "\t\u00e9"}), set())


if __name__ == "__main__":
    unittest.main()
