#!/usr/bin/env python3
"""Names that mean something to C++ are refused with their line, or become code that compiles:
run.py BAO COMPILER INCLUDE_FOLDER. Exit: 1 where one does neither."""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
FIELDS_OF_ONE_MODEL = 200  # clang folds over 256
RELATED_IN_A_ROW = 50  # each includes the next one; compilers nest 200


def names_of(path):
    """{heading: [name]}"""
    sections, heading = {}, None
    for line in open(path, encoding="utf-8"):
        if line.startswith("# "):
            heading = line[2:].split(":")[0].strip()
        elif line.strip():
            sections.setdefault(heading, []).extend(line.split())
    return sections


def macros_of(compiler, include):
    """The names of the macros without parameters that a generated header meets."""
    command = [compiler, "-std=c++23", "-I" + include, "-dM", "-E", "-x", "c++", "-"]
    text = subprocess.run(command, input="#include <bao/bao.hpp>\n", capture_output=True, text=True, check=True).stdout
    return sorted(set(re.findall(r"(?m)^#define ([A-Za-z]\w*)(?: |$)", text)))


def prefix(number):
    return "z" + DIGITS[number // 1296 % 36] + DIGITS[number // 36 % 36] + DIGITS[number % 36]


def chunks(names, size):
    return [names[i : i + size] for i in range(0, len(names), size)]


def as_fields(names):
    text = "models:\n"
    for number, some in enumerate(chunks(names, FIELDS_OF_ONE_MODEL)):
        text += f"  Host{number}:\n    modelPrefix: {prefix(number)}\n    fields:\n      hostId: {{type: UlidField}}\n"
        text += "".join(f'      "{name}": {{type: StringField}}\n' for name in some)
        text += "    primaryKey: {partitionKey: hostId}\n"
    return text


def as_keys(names):
    """Unique, sort key of an index, RelatedField; and as names of indexes and constraints."""
    text = "models:\n  Target:\n    modelPrefix: tgt\n    fields: {targetId: {type: UlidField}}\n"
    text += "    primaryKey: {partitionKey: targetId}\n"
    for number, some in enumerate(chunks(names, 3)):
        text += f"  Model{number}:\n    modelPrefix: {prefix(number)}\n    fields:\n      ofId: {{type: RelatedField, model: Target}}\n"
        text += "".join(f"      {name}: {{type: StringField, required: true}}\n" for name in some)
        text += f"    primaryKey: {{partitionKey: {some[0]}}}\n    indexes:\n"
        for index, name in enumerate(some[:2]):
            text += f"      {name}: {{partitionKey: modelPrefix, sortKey: {name}, indexId: gsi{2 * index + 1}}}\n"
            text += f"      {name}ForTarget: {{partitionKey: ofId, sortKey: {name}, indexId: gsi{2 * index + 2}}}\n"
        text += "    uniqueConstraints:\n"
        for index, name in enumerate(some):
            text += f"      {name}: {{field: {name}, uniqueConstraintId: uc{index + 1}}}\n"
    return text


def as_models(names):
    text = "models:\n"
    for number, name in enumerate(names):
        related = names[number - 1] if number % RELATED_IN_A_ROW else name
        text += f"  {name}:\n    modelPrefix: {prefix(number)}\n    fields:\n      id: {{type: UlidField}}\n"
        text += f"      ownerId: {{type: RelatedField, model: {related}}}\n    primaryKey: {{partitionKey: id}}\n"
        text += "    indexes: {forOwner: {partitionKey: ownerId, sortKey: id, indexId: gsi1}}\n"
    return text


class Generator:
    def __init__(self, bao, folder):
        self.bao, self.folder = bao, folder

    def run(self, name, definitions):
        path = os.path.join(self.folder, name + ".yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(definitions)
        command = [self.bao, "codegen", path, os.path.join(self.folder, name, "models")]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def unrefused(generator, names):
    """Those of the names that no error names with its line, as fields."""
    done = generator.run("refused", as_fields(names))
    lines = done.stderr.splitlines()
    found = [name for name in names if any(re.search(rf"refused\.yaml:\d+: Host0\.{name}: ", line) for line in lines)]
    return [name for name in names if name not in found or done.returncode != 1]


def main(bao, compiler, include):
    sections = names_of(os.path.join(HERE, "names.txt"))
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        generator = Generator(bao, folder)
        for heading in ("refused", "refused for fields"):
            failed += [f"as a field {name} is not refused" for name in unrefused(generator, sections[heading])]
        models = sections["taken"] + sections["refused for fields"] + sections["refused for fields of JavaScript"]
        fields = sections["taken"] + sections["refused for fields of JavaScript"]
        macros = [name for name in macros_of(compiler, include) if name not in fields]
        definitions = {"fields": as_fields(fields + macros), "keys": as_keys(fields), "models": as_models(models)}
        flags = [compiler, "-std=c++23", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror", "-I" + include]
        for name, text in definitions.items():
            done = generator.run(name, text)
            if done.returncode != 0:
                failed.append(f"{name}: {done.stderr.strip()}")
                continue
            header = os.path.join(folder, name, "models", "models.hpp")
            command = [*flags, "-fsyntax-only", "-include", header, "-x", "c++", os.devnull]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                failed.append(f"{name}: {compiler} does not take the headers: {done.stderr[:4000]}")
    for line in failed:
        print(line, file=sys.stderr)
    print(f"{len(fields)} names, {len(macros)} macros: {len(failed)} wrong")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
