#!/usr/bin/env python3
"""Checks that wrong programs do not compile, for the right reason: run.py COMPILER INCLUDE_FOLDER FILE.

A FILE begins with what all its cases share. Each case follows a line
    //! compiles: NAME
or
    //! fails: NAME: REGEX    (found in the compiler's output)
"""
import os
import re
import subprocess
import sys
import tempfile

MARK = re.compile(r"^//! (compiles|fails): (\w+)(?:: (.*))?$")


def cases_of(path):
    shared, cases = [], []
    for line in open(path, encoding="utf-8"):
        mark = MARK.match(line.rstrip("\n"))
        if mark:
            cases.append((*mark.groups(), []))
        elif line.startswith("//!"):
            sys.exit(f"{path}: not understood: {line.strip()}")
        else:
            (cases[-1][3] if cases else shared).append(line)
    return "".join(shared), [(kind, name, regex, "".join(lines)) for kind, name, regex, lines in cases]


class Compiler:
    """Compiles what all cases share once, into `folder`: to read the headers takes longer than any case."""

    def __init__(self, compiler, include, shared, folder):
        self.command = [compiler, "-std=c++23", "-I" + include]
        header = os.path.join(folder, "shared.hpp")
        with open(header, "w", encoding="utf-8") as file:
            file.write(shared)
        if "clang" in compiler:
            built = header + ".pch"
            build, use = ["-fpch-instantiate-templates"], ["-include-pch", built]
        else:
            built = header + ".gch"  # found by the name of the header
            build, use = [], ["-include", header]
        subprocess.run([*self.command, *build, "-x", "c++-header", header, "-o", built], check=True)
        self.command += use

    def compile(self, text):
        command = [*self.command, "-fsyntax-only", "-x", "c++", "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        return done.returncode == 0, done.stderr


def wrong_cases(compiler, path, cases):
    wrong = 0
    for kind, name, regex, text in cases:
        compiled, output = compiler.compile(text)
        problem = None
        if kind == "compiles" and not compiled:
            problem = "does not compile"
        elif kind == "fails" and compiled:
            problem = "compiles"
        elif kind == "fails" and not re.search(regex, output):
            problem = f"fails without a word of /{regex}/"
        if problem:
            wrong += 1
            print(f"{path}: {name} {problem}\n" + "\n".join(output.splitlines()[:15]))
    return wrong


def main():
    compiler, include, path = sys.argv[1:]
    shared, cases = cases_of(path)
    if not any(kind == "compiles" for kind, *_ in cases) or not any(kind == "fails" for kind, *_ in cases):
        sys.exit(f"{path}: needs cases that compile and cases that do not")
    with tempfile.TemporaryDirectory() as folder:
        wrong = wrong_cases(Compiler(compiler, include, shared, folder), path, cases)
    print(f"{len(cases)} cases, {wrong} wrong")
    sys.exit(1 if wrong else 0)


main()
