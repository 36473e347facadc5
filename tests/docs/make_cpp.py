#!/usr/bin/env python3
"""make_cpp.py OUTPUT PAGE...: one translation unit of the C++ blocks of these pages, for tests/docs/main.cpp to run.
make_cpp.py --models OUTPUT PAGE: the page's first definitions."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from snippets import ROOT, read_page  # noqa: E402

INCLUDE = re.compile(r"(?m)^#include .*\n")


def code_of(block):
    """The block without its includes, whose lines stay as empty ones; compilers name the document's lines."""
    return f'#line {block.line} "{block.page}"\n' + INCLUDE.sub("\n", block.text)


def unit_of(pages):
    includes = {"#include <bao/bao.hpp>\n", '#include "docs/page.hpp"\n'}
    body = []
    for number, page in enumerate(pages):
        blocks = page.of("cpp", "cpp top", "cpp global", "cpp main", "cpp program")
        if not blocks:
            continue
        for block in blocks:
            includes |= set(INCLUDE.findall(block.text))
        body += [code_of(block) for block in blocks if block.kind == ("cpp", "global")]
        body.append(f"namespace page_{number} {{\nnamespace {{\nusing namespace models;\n")
        for block in blocks:
            if block.kind == ("cpp", "top"):
                body.append(code_of(block))
            elif block.kind in (("cpp", "program"), ("cpp", "main")):
                program = re.sub(r"(?m)^int main\(\)", "void run_program()", code_of(block))
                if block.kind == ("cpp", "main"):
                    program = f"void run_program() {{\n{program}}}\n"
                body.append(f"namespace program_{block.line} {{\n{program}")
                body.append(f'#line 1 "program"\nconst docs::Registered registered("{page.path}", {block.line}, run_program);\n}}\n')
        parts = [block for block in blocks if block.kind == ("cpp",)]
        if parts:
            body.append("bao::Task<void> run() {\n")
            for block in parts:
                body.append(f'docs::begin("{page.path}", {block.line});\n{code_of(block)}')
            body.append('#line 1 "page"\nco_return;\n}\n')
            body.append(f'const docs::Registered registered("{page.path}", 0, [] {{ docs::run(run()); }});\n')
        body.append("}  // namespace\n}\n")
    return "".join(sorted(includes)) + "".join(body)


def main():
    arguments = sys.argv[1:]
    wants_models = arguments[0] == "--models"
    output, *paths = arguments[1:] if wants_models else arguments
    pages = [read_page(path, (ROOT / path).read_text()) for path in paths]
    if wants_models:
        Path(output).write_text(pages[0].of("yaml")[0].text)
        return
    Path(output).write_text(unit_of(pages))


if __name__ == "__main__":
    main()
