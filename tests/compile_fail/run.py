#!/usr/bin/env python3
"""Checks that wrong programs do not compile, for the right reason: run.py COMPILER INCLUDE_FOLDER FILE.

A FILE begins with what all its cases share. Each case follows a line
    //! compiles: NAME
or
    //! fails: NAME: REGEX    (found in the compiler's output)
"""
import re
import subprocess
import sys

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


def compile_text(compiler, include, text):
    command = [compiler, "-std=c++23", "-fsyntax-only", "-I" + include, "-x", "c++", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stderr


def main():
    compiler, include, path = sys.argv[1:]
    shared, cases = cases_of(path)
    if not any(kind == "compiles" for kind, *_ in cases) or not any(kind == "fails" for kind, *_ in cases):
        sys.exit(f"{path}: needs cases that compile and cases that do not")
    wrong = 0
    for kind, name, regex, text in cases:
        compiled, output = compile_text(compiler, include, shared + text)
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
    print(f"{len(cases)} cases, {wrong} wrong")
    sys.exit(1 if wrong else 0)


main()
