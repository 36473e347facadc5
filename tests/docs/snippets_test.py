#!/usr/bin/env python3
"""The checker of the documents sees what is wrong with planted blocks. snippets_test.py --build BUILD_FOLDER, as run.py."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import run  # noqa: E402
from make_cpp import unit_of  # noqa: E402
from snippets import ROOT, Mistake, is_excerpt, read_page  # noqa: E402

BUILD = sys.argv[sys.argv.index("--build") + 1] if "--build" in sys.argv else ROOT / "build/release"


def fenced(kind, code, before=""):
    return f"# Planted\n\n{before}```{kind}\n{code}\n```\n"


def messages(*texts):
    """What the checker says of pages without C++, by block."""
    pages = [read_page(f"planted_{number}.md", text) for number, text in enumerate(texts)]
    with tempfile.TemporaryDirectory(prefix="bao-docs-") as scratch:
        return [message for _, message in run.try_pages(pages, run.Tools(BUILD), Path(scratch), with_cpp=False)]


# (a right block, the same with something wrong, what is said of it)
PLANTED = [
    ("js", 'console.log((await Tag.find("x")).exists()); // prints false', 'console.log((await Tag.find("x")).exists()); // prints true', "should print"),
    ("js", 'console.log("a b c"); // prints a ... c', "console.log(1);", "and printed"),
    ("js", 'await Tag.create({ tagId: "a", title: "A" });', 'await Tag.create({ tagId: "a", titel: "A" });', "titel"),
    ("js program", "console.log(1); // prints 1", "console.log(1); // prints 1\nthrow new Error('planted');", "planted"),
    ("js cjs", 'require("dynamo-bao");', 'require("dynamo-bao").initModels({ models: {}, aws: { endpoint: "file:x" } });', "file:x"),
    ("ts", 'await Tag.create({ tagId: "a", title: "A" });', 'await Tag.create({ tagId: "a", title: 5 }).catch(() => {});', "types are wrong"),
    ("yaml", "      title: {type: StringField, required: true}", "      title: {type: StringField, required: maybe}", "not in docs/guide/models.yaml"),
    ("yaml", "models:\n  A:\n    modelPrefix: a\n    fields: {id: {type: StringField}}\n    primaryKey: {partitionKey: id}",
     "models:\n  A:\n    modelPrefix: a\n    fields: {id: {type: TextField}}\n    primaryKey: {partitionKey: id}", "TextField"),
    ("yaml config", "db:\n  tableName: a", "db:\n  table: a", "table"),
    ("json", '{"a": 1}', '{"a": 1,}', "planted"),
    ("toml", "a = 1", "a = ", "planted"),
    ("sh", "bao codegen models.yaml out", "bao codegen none.yaml out", "ended with 1"),
    ("sh", "echo said # prints said", "echo said # prints other", "did not print"),
]


class Planted(unittest.TestCase):
    def test_right_blocks_pass(self):
        self.assertEqual([""] * len(PLANTED), messages(*[fenced(kind, right) for kind, right, _, _ in PLANTED]))

    def test_each_wrong_block_is_found(self):
        found = messages(*[fenced(kind, wrong) for kind, _, wrong, _ in PLANTED])
        # Those of TypeScript come last.
        ordered = sorted(PLANTED, key=lambda row: row[0] == "ts")
        self.assertEqual(len(ordered), len(found))
        for (kind, _, wrong, said), message in zip(ordered, found):
            with self.subTest(kind=kind, block=wrong):
                self.assertIn(said, message)

    def test_a_block_behind_a_broken_one_is_not_right(self):
        text = fenced("js", "console.log(1); // prints 1") + fenced("js", 'throw new Error("x");') + fenced("js", "console.log(2); // prints 2")
        said = messages(text)
        self.assertEqual("", said[0])
        self.assertIn("Error: x", said[1])
        self.assertIn("did not run", said[2])


class Cpp(unittest.TestCase):
    def compiles(self, text):
        build = Path(BUILD).resolve()
        with tempfile.TemporaryDirectory(prefix="bao-docs-") as scratch:
            unit = Path(scratch) / "unit.cpp"
            unit.write_text(unit_of([read_page("planted.md", text)]))
            done = subprocess.run(["clang++-19", "-std=c++23", "-fsyntax-only", "-Wno-missing-designated-field-initializers", f"-I{ROOT}/include", f"-I{ROOT}/tests",
                                   f"-I{build}/tests/docs/docs_snippets_generated", unit], capture_output=True, text=True, check=False)
        return done.returncode == 0, done.stderr

    def test_a_block_that_does_not_compile_is_named_by_its_line(self):
        right = 'Tag tag = co_await Tag::find("x");\nstd::printf("%d\\n", tag.exists());  // prints 0'
        self.assertEqual((True, ""), self.compiles(fenced("cpp", right)))
        compiled, told = self.compiles(fenced("cpp", right.replace("exists", "is_there")))
        self.assertFalse(compiled)
        self.assertIn("planted.md:5:", told)

    def test_what_a_program_prints_is_judged(self):
        page = read_page("planted.md", fenced("cpp", "f();  // prints 1") + fenced("cpp", "g();  // prints 2"))
        first, second = page.of("cpp")
        said = lambda output, failure="": [message for _, message in run.judge(page.of("cpp"), output, failure)]
        self.assertEqual(["", ""], said(f"\x1e {first.where}\n1\n\x1e {second.where}\n2\n"))
        self.assertIn("printed\n    3", said(f"\x1e {first.where}\n1\n\x1e {second.where}\n3\n")[1])
        self.assertIn("no such table", said(f"\x1e {first.where}\n1\n\x1e {second.where}\n2\n\x1e ! planted.md: no such table\n")[1])
        self.assertIn("ended with -6", said(f"\x1e {first.where}\n1\n", "docs_snippets ended with -6")[0])
        self.assertIn("did not run", said(f"\x1e {first.where}\n1\n", "docs_snippets ended with -6")[1])


class Reading(unittest.TestCase):
    def test_every_block_is_tried_or_says_why_not(self):
        for text in (fenced("python", "1"), fenced("", "1"), fenced("js hidden", "1"), "```js\n1\n", "<!-- not run: because -->\nText\n"):
            with self.subTest(text=text), self.assertRaises(Mistake):
                read_page("planted.md", text)
        page = read_page("planted.md", fenced("python", "1", "<!-- not run: there is no Python here -->\n"))
        self.assertEqual(["there is no Python here"], [block.reason for block in page.blocks])

    def test_blocks_that_readers_do_not_see_are_tried(self):
        page = read_page("planted.md", "<!-- setup js\nlet a = 1;\n-->\n" + fenced("js", "console.log(a); // prints 1"))
        self.assertEqual([True, False], [block.hidden for block in page.of("js")])

    def test_excerpts(self):
        whole = "a:\n  b: 1\n  c: 2\n  d: 3\n"
        self.assertTrue(is_excerpt("b: 1\nc: 2\n", whole))
        self.assertTrue(is_excerpt("a:\n  ...\n  d: 3\n", whole))
        self.assertFalse(is_excerpt("b: 1\nd: 3\n", whole))
        self.assertFalse(is_excerpt("d: 3\n...\na:\n", whole))
        self.assertFalse(is_excerpt("b: 2\n", whole))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
