#!/usr/bin/env python3
"""Holds docs/reference to what is public: every name is there, and what is there exists. npm/dist must have been built for JavaScript.

A heading "### `Client`" begins the section of a class; code at the start of a table's first cell names one of its members. Tables of
sections without a class, and tables whose first column is called "function, name" or "name", name what lies outside of classes.
"""
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from cpp_names import Reader, read_headers  # noqa: E402
from js_names import names_of, read_declarations  # noqa: E402
from snippets import ROOT  # noqa: E402

# What `co_await` looks for.
MACHINERY = re.compile(r"await_\w+|promise_type")
MACHINERY_CLASSES = {"Task::Awaiter", "Operation::AsResult", "TaskOperation::AsResult"}
FREE_TABLES = ("function, name", "name")


def read_reference(texts):
    """{class: members}, with "" for what lies outside of classes."""
    named = {"": set()}
    for text in texts:
        section, free, fenced = "", False, False
        for line in text.split("\n"):
            if line.startswith("```"):
                fenced = not fenced
            heading = re.match(r"^(#+) (?:`([\w:.]+)`)?", line)
            if fenced:
                continue
            if heading:
                section = heading.group(2) or ""
                named.setdefault(section, set())
                free = False
            elif line.startswith("|"):
                first = re.split(r"(?<!\\)\|", line)[1].strip()
                member = re.match(r"^`([\w:$.]+)", first)
                if member:
                    named["" if free else section].add(member.group(1))
                elif not set(first) <= set("- "):
                    free = first in FREE_TABLES and section not in ("constants",)
            elif not line.strip():
                free = False
    return named


def compare(real, named):
    """What is missing in the reference, and what it invents."""
    problems = []
    for owner in sorted(real.keys() | named.keys()):
        if owner not in named and real[owner] is not None:
            problems.append(f"{owner} has no section")
            continue
        wanted, there = real.get(owner), named.get(owner, set())
        if wanted is None:
            problems.append(f"{owner} does not exist")
            continue
        problems += [f"{owner}: {name} is missing" for name in sorted(wanted - there)]
        problems += [f"{owner}: {name} does not exist" for name in sorted(there - wanted)]
    return problems


def cpp_real(names):
    real = {"": set()}
    for each in names:
        if MACHINERY.fullmatch(each.name) or each.owner in MACHINERY_CLASSES or each.name in MACHINERY_CLASSES:
            continue
        if each.kind in ("class", "enum"):
            real.setdefault(each.name, set())
        else:
            real.setdefault(each.owner, set()).add(each.name)
    return real


def js_real(names):
    real = {"": set()}
    for each in names:
        if each.kind in ("class", "interface") and not each.owner:
            real.setdefault(each.name, set())
        else:
            real.setdefault(each.owner, set()).add(each.name)
    return real


def pages(pattern):
    return [path.read_text() for path in sorted((ROOT / "docs/reference").glob(pattern))]


class Reference(unittest.TestCase):
    def check(self, real, named):
        self.assertEqual([], compare(real, named))

    def test_cpp_is_complete_and_true(self):
        real = cpp_real(read_headers(ROOT / "include/bao"))
        self.assertGreater(sum(map(len, real.values())), 400)
        named = read_reference(pages("cpp*.md"))
        # The table of errors has the classes without members of their own, in a section without a class.
        errors = {name for name in real if name.endswith(("Error", "Failure", "Required")) and not real[name] and name != "BaoError"}
        self.assertLessEqual(errors, named[""])
        named[""] -= errors
        for name in errors:
            del real[name]
        real["FieldTraits"] = set()  # only its specialisations have bodies
        self.check(real, named)

    def test_js_is_complete_and_true(self):
        declarations = ROOT / "npm/dist/types"
        real = js_real(read_declarations(declarations))
        self.assertGreater(sum(map(len, real.values())), 250)
        named = read_reference(pages("js*.md"))
        # A field's class stands beside its function; its methods are those of all of them.
        table = next(text for text in pages("js*.md") if "### `fields`" in text)
        named["fields"] |= set(re.findall(r"`(\w+FieldClass)`", table))
        methods = {each.name for each in names_of((declarations / "face/fields.d.ts").read_text()) if each.owner == "BaseField"}
        for name in list(real):
            if name.endswith("FieldClass"):
                named.setdefault(name, set())
        documented = named["RelatedFieldClass"]
        self.assertEqual(methods - {"options", "required", "defaultValue", "kind"}, documented - real["RelatedFieldClass"])
        named["RelatedFieldClass"] &= real["RelatedFieldClass"]
        self.check(real, named)


class Checker(unittest.TestCase):
    """It sees what is wrong."""

    def test_finds_what_is_missing_and_what_is_invented(self):
        reader = Reader("namespace bao {\nstruct Box {\n  int width = 0;  ///< in mm\n  [[nodiscard]] int area() const;\n private:\n  int secret_;\n};\nint fold(Box box);\n}", "")
        reader.read()
        real = cpp_real(reader.names)
        self.assertEqual({"": {"fold"}, "Box": {"width", "area"}}, real)
        right = "### `Box`\n\n| member | |\n| --- | --- |\n| `width` | |\n| `area()` | |\n\n| function, name | |\n| --- | --- |\n| `fold(Box box)` | |\n"
        self.assertEqual([], compare(real, read_reference([right])))
        self.assertEqual(["Box: area is missing"], compare(real, read_reference([right.replace("| `area()` | |\n", "")])))
        self.assertEqual(["Box: length does not exist", "Box: width is missing"], sorted(compare(real, read_reference([right.replace("width", "length")]))))
        self.assertEqual([": fold is missing", ": bend does not exist"], compare(real, read_reference([right.replace("fold", "bend")])))
        self.assertEqual(["Bag does not exist"], compare(real, read_reference([right + "### `Bag`\n"])))
        self.assertEqual(["Box has no section"], [each for each in compare(real, read_reference(["# Nothing\n"])) if "section" in each])

    def test_reads_declarations(self):
        text = "export interface Bag {\n    /** In kg. */\n    weight?: number;\n    inner: {\n        size: number;\n    };\n    lift(by: {\n        height: number;\n    }): void;\n}\nexport declare function pack(bag: Bag): void;\n"
        self.assertEqual({"": {"pack"}, "Bag": {"weight", "inner", "inner.size", "lift"}}, js_real(names_of(text)))


if __name__ == "__main__":
    unittest.main()
