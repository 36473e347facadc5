#!/usr/bin/env python3
"""Runs every code block of the documents: run.py --build BUILD_FOLDER [--junit FILE] [PAGE...]

BUILD_FOLDER holds `bao`, docs_snippets and docs_readme (targets bao_cli, docs_snippets, docs_readme); npm/dist must have been built. What
a block says of itself is in snippets.py. Ends with 1 where a block fails, prints something else than it says, or is of no known kind.
"""
import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from xml.sax.saxutils import quoteattr

sys.path.insert(0, str(Path(__file__).parent))
from snippets import MODELS, ROOT, Mistake, differences, is_excerpt, read_page, read_pages  # noqa: E402

MARK = "\x1e"
TIMEOUT_S = 120


class Tools:
    def __init__(self, build):
        self.build = Path(build).resolve()
        self.bao = self.build / "src/cli/bao"
        self.programs = [self.build / "tests/docs" / name for name in ("docs_snippets", "docs_readme")]
        self.npm = ROOT / "npm"


def run_command(command, folder, environment=None, timeout=TIMEOUT_S):
    """(exit code, what it printed); its children die with it."""
    started = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               stdin=subprocess.DEVNULL, text=True, start_new_session=True)
    try:
        output, _ = started.communicate(timeout=timeout)
        return started.returncode, output
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        output, _ = started.communicate()
        return -1, f"{output}\n(ended after {timeout} s)"


def by_block(output):
    """What was printed, by block: {"page:line": [line, ...]}, and the errors of pages."""
    printed, errors, current = {}, {}, None
    for line in output.split("\n"):
        # A block may leave its last line without an end.
        text, mark, rest = line.partition(MARK)
        if text and current is not None:
            printed[current].append(text)
        if mark and rest.startswith(" ! "):
            page, _, what = rest[3:].partition(": ")
            errors[page] = what
        elif mark:
            current = rest.strip()
            printed[current] = []
    return printed, errors


def judge(blocks, output, failure=""):
    """[(block, message)]: each block by what it printed; the first one that did not run tells the failure."""
    printed, errors = by_block(output)
    results = []
    told = False
    for position, block in enumerate(blocks):
        if block.where not in printed:
            message = f"{block.where}: did not run"
            if not told:
                message += f": {errors.get(block.page) or failure}"
            told = True
        else:
            last = position + 1 == len(blocks) or blocks[position + 1].where not in printed
            broken = last and not told and (errors.get(block.page) or failure)
            message = f"{block.where}: {broken}" if broken else differences(block, printed[block.where])
            told = told or bool(broken)
        results.append((block, message))
    return results


# ---- C++


def try_cpp(pages, tools):
    output = failure = ""
    for program in tools.programs:
        code, printed = run_command([program], tools.build, timeout=30)
        output += printed
        if code != 0:
            failure += f"{program.name} ended with {code}"
    results = []
    for page in pages:
        results += judge(page.of("cpp"), output, failure)
        for block in page.of("cpp main", "cpp program"):
            results += judge([block], output, failure)
        # What compiled is all there is to know of declarations.
        results += [(block, "") for block in page.of("cpp top", "cpp global")]
    return results


# ---- JavaScript


def make_project(folder, tools):
    """A project as a user's is: the package installed, the guide's models generated."""
    modules = folder / "node_modules"
    (modules / ".bin").mkdir(parents=True)
    (modules / "dynamo-bao").symlink_to(tools.npm)
    for name, script in json.loads((tools.npm / "package.json").read_text())["bin"].items():
        (modules / ".bin" / name).symlink_to(tools.npm / script)
    (folder / "package.json").write_text('{"type": "module"}\n')
    shutil.copy(MODELS, folder / "models.yaml")
    code, output = run_command([modules / ".bin/bao-codegen", "models.yaml", "./models"], folder)
    if code != 0:
        raise Mistake(f"{MODELS.relative_to(ROOT)}: {output}")
    (folder / "start.js").write_text(
        'import { initModels } from "dynamo-bao";\nimport models from "./.bao/models.js";\n'
        'initModels({ models, aws: { endpoint: "memory:" }, db: { tableName: "blog", iterationIndexName: "iter_search_index" } });\n')


def model_imports(code):
    """An import of the models that the code names and does not declare or import itself."""
    names = re.findall(r"(?m)^  (\w+):$", MODELS.read_text())
    imported = set(re.findall(r"\w+", " ".join(re.findall(r"(?s)import (.*?) from", code))))
    declared = set(re.findall(r"\b(?:class|const|let|function) (\w+)", code)) | set(re.findall(r"\w+", " ".join(re.findall(r"const \{([^}]*)\}", code))))
    wanted = [name for name in names if re.search(rf"\b{name}\b", code) and name not in imported | declared]
    return f'import {{ {", ".join(wanted)} }} from "./models/index.js";\n' if wanted else ""


def lead(first, code):
    """What a module begins with, unless its first block calls initModels itself."""
    return ("" if "initModels({ models" in first else 'import "./start.js";\n') + model_imports(code)


def mark(block):
    return f"console.log({json.dumps(f'{MARK} {block.where}')});\n"


def run_module(blocks, name, text, folder):
    (folder / name).write_text(text)
    code, output = run_command(["node", name], folder)
    return judge(blocks, output, "" if code == 0 else re.sub(f"{MARK}.*\n", "", output))


def try_js(page, folder):
    results = []
    parts = page.of("js")
    stem = re.sub(r"\W", "_", page.path)
    if parts:
        code = "".join(mark(block) + block.text for block in parts)
        results += run_module(parts, f"{stem}.js", lead(parts[0].text, code) + code, folder)
    for block in page.of("js program"):
        results += run_module([block], f"{stem}_{block.line}.js", lead(block.text, block.text) + mark(block) + block.text, folder)
    for block in page.of("js cjs"):
        results += run_module([block], f"{stem}_{block.line}.cjs", mark(block) + block.text, folder)
    return results


COMPILER_OPTIONS = {
    "target": "ES2023", "module": "nodenext", "moduleResolution": "nodenext", "lib": ["ES2023", "DOM", "DOM.Iterable"], "types": [],
    "strict": True, "exactOptionalPropertyTypes": True, "noUncheckedIndexedAccess": True, "outDir": "compiled", "rewriteRelativeImportExtensions": True,
}


def try_ts(pages, folder, tools):
    blocks = {}
    for page in pages:
        for block in page.of("ts"):
            name = f"{re.sub(r'[^a-z0-9]', '_', page.path)}_{block.line}"
            blocks[name] = block
            (folder / f"{name}.ts").write_text(lead(block.text, block.text) + mark(block) + block.text)
    if not blocks:
        return []
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": COMPILER_OPTIONS, "files": [f"{name}.ts" for name in blocks]}))
    # Emitted whatever the types are, beside what they import.
    _, told = run_command(["node", tools.npm / "node_modules/typescript/bin/tsc", "-p", ".", "--outDir", "."], folder)
    results = []
    for name, block in blocks.items():
        mistakes = [line for line in told.split("\n") if line.startswith(f"{name}.ts")]
        if mistakes:
            results.append((block, f"{block.where}: its types are wrong:\n    " + "\n    ".join(mistakes)))
        else:
            code, output = run_command(["node", f"{name}.js"], folder)
            results += judge([block], output, "" if code == 0 else output)
    return results


# ---- Data


def try_yaml(block, folder, tools):
    target = folder / f"{re.sub(r'[^a-z0-9]', '_', block.page)}_{block.line}"
    target.mkdir()
    if block.kind == ("yaml",) and is_excerpt(block.text, MODELS.read_text()):
        return ""
    if block.kind == ("yaml", "config"):
        (target / "bao.yaml").write_text(block.text)
        shutil.copy(MODELS, target / "models.yaml")
        command = [tools.bao, "codegen"]
    elif re.search(r"(?m)^models:", block.text):
        (target / "models.yaml").write_text(block.text)
        command = [tools.bao, "codegen", "models.yaml", "models"]
    else:
        return f"{block.where}: these lines are not in docs/guide/models.yaml"
    code, output = run_command(command, target)
    return "" if code == 0 else f"{block.where}: {output}"


def try_data(block):
    try:
        (json.loads if block.kind == ("json",) else tomllib.loads)(block.text)
        return ""
    except ValueError as error:
        return f"{block.where}: {error}"


# ---- Commands


class Engine:
    """`bao local`, in memory."""

    def __init__(self, tools):
        self.process = subprocess.Popen([tools.bao, "local", "--port", "0"], stdout=subprocess.PIPE, text=True)
        self.port = re.search(r":(\d+)", self.process.stdout.readline()).group(1)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


def try_sh(page, folder, tools):
    """All of a page is one script, in a project of its own."""
    blocks = page.of("sh")
    if not blocks:
        return []
    own = folder / f"sh_{re.sub(r'[^a-z0-9]', '_', page.path)}"
    own.mkdir()
    for name in ("node_modules", "models.yaml", "package.json"):
        (own / name).symlink_to(folder / name) if name == "node_modules" else shutil.copy(folder / name, own / name)
    engine = Engine(tools)
    try:
        parts = ["set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"]
        parts += [f"printf '\\x1e {block.where}\\n'\n{block.text}" for block in blocks]
        (own / "script.sh").write_text("".join(parts).replace(":8000", f":{engine.port}"))
        endpoint = f"http://127.0.0.1:{engine.port}"
        environment = {"PATH": f"{tools.bao.parent}:{own}/node_modules/.bin:{os.environ['PATH']}", "HOME": str(own), "npm_config_offline": "true",
                       "DYNAMO_BAO_ENDPOINT": endpoint, "NO_COLOR": "1"}
        code, output = run_command(["bash", "script.sh"], own, environment)
    finally:
        engine.stop()
    if code != 0:
        return judge(blocks, output, f"ended with {code}:\n{re.sub(MARK, '', output)}")
    # Commands tell what they do; only what a block says of it is compared.
    printed, _ = by_block(output)
    results = []
    for block in blocks:
        wanted = [line for line in block.expected if not any(re.fullmatch(re.escape(line).replace(r"\.\.\.", ".*"), each) for each in printed[block.where])]
        results.append((block, f"{block.where}: did not print {wanted}, but {printed[block.where]}" if wanted else ""))
    return results


def try_pages(pages, tools, scratch, with_cpp=True):
    """[(block, message)] for every block that is tried; an empty message: it is right."""
    project = scratch / "project"
    project.mkdir()
    make_project(project, tools)
    results = []
    if with_cpp:
        results += try_cpp(pages, tools)
    for page in pages:
        results += try_js(page, project)
        results += [(block, try_yaml(block, scratch, tools)) for block in page.of("yaml", "yaml config")]
        results += [(block, try_data(block)) for block in page.of("json", "toml")]
        results += try_sh(page, project, tools)
    return results + try_ts(pages, project, tools)


def write_junit(path, results):
    failures = sum(1 for _, message in results if message)
    with open(path, "w", encoding="utf-8") as out:
        out.write(f'<testsuite name="docs" tests="{len(results)}" failures="{failures}" errors="0" skipped="0">\n')
        for block, message in results:
            failure = f"<failure message={quoteattr(message)}/>" if message else ""
            out.write(f"  <testcase classname={quoteattr(' '.join(block.kind))} name={quoteattr(block.where)}>{failure}</testcase>\n")
        out.write("</testsuite>\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--junit")
    parser.add_argument("--no-cpp", action="store_true", help="leave out the C++ blocks, whose programs need not be there then")
    parser.add_argument("pages", nargs="*")
    arguments = parser.parse_args()
    pages = [read_page(path, (ROOT / path).read_text()) for path in arguments.pages] or read_pages()
    with tempfile.TemporaryDirectory(prefix="bao-docs-") as scratch:
        results = try_pages(pages, Tools(arguments.build), Path(scratch), not arguments.no_cpp)
    for _, message in results:
        if message:
            print(message)
    left_out = [block for page in pages for block in page.blocks if block.reason]
    failed = sum(1 for _, message in results if message)
    print(f"docs: {len(results) - failed} blocks are right, {failed} wrong, {len(left_out)} not run for a reason that their page gives")
    if arguments.junit:
        write_junit(arguments.junit, results)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
