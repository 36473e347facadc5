"""The fenced code blocks of the documents, and what is to be done with each.

The info string says it, by words that a reader does not see:

    ```cpp            a part of the page's coroutine: the parts of a page run one after the other
    ```cpp top        declarations, outside of the coroutine
    ```cpp global     declarations outside of every namespace
    ```cpp main       statements of a function of their own, which is no coroutine
    ```cpp program    declarations with a main, which is called
    ```js             a part of the page's ES module
    ```js program     an ES module of its own;  `cjs`: a CommonJS one;  `worker`: tests/guide/docs.test.ts runs it
    ```ts             a TypeScript module of its own: its types are checked, then it runs
    ```yaml           whole definitions (`models:`), or some of the lines of docs/guide/models.yaml;  `config`: a bao.yaml
    ```sh             commands, with an engine at port 8000
    ```json, ```toml  is read

`// prints TEXT` (sh: `# prints TEXT`) is a line that the block prints; `...` in it stands for anything. A block prints these lines
and no others. `<!-- not run: REASON -->` before a block leaves it out. `<!-- setup cpp` ... `-->` is a block that readers do not see.
"""
import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "docs/guide/models.yaml"

KINDS = {
    ("cpp",), ("cpp", "top"), ("cpp", "global"), ("cpp", "main"), ("cpp", "program"), ("js",), ("js", "program"), ("js", "cjs"), ("js", "worker"), ("ts",),
    ("yaml",), ("yaml", "config"), ("sh",), ("json",), ("toml",),
}
PRINTS = re.compile(r"(?://|#) prints (.*)")


class Mistake(Exception):
    """A block that cannot even be tried; the message begins with `page:line`."""


@dataclass
class Block:
    page: str  # relative to the root
    line: int  # of its first line of code
    kind: tuple
    text: str
    reason: str = ""  # why it is not run
    hidden: bool = False

    @property
    def where(self):
        return f"{self.page}:{self.line}"

    @property
    def expected(self):
        return [found.group(1).rstrip() for found in map(PRINTS.search, self.text.split("\n")) if found]


@dataclass
class Page:
    path: str
    blocks: list = field(default_factory=list)

    def of(self, *kinds):
        """The blocks to be tried, of these kinds ("js cjs")."""
        wanted = {tuple(kind.split()) for kind in kinds}
        return [block for block in self.blocks if block.kind in wanted and not block.reason]


def read_page(path, text):
    page = Page(path)
    reason = ""
    lines = text.split("\n")
    position = 0
    while position < len(lines):
        line = lines[position]
        fence = re.match(r"^( *)```(.*)$", line)
        setup = re.match(r"^<!-- setup (.+)$", line)
        if fence or setup:
            indent = len(fence.group(1)) if fence else 0
            end = " " * indent + "```" if fence else "-->"
            start = position + 1
            position = start
            while position < len(lines) and lines[position] != end:
                position += 1
            if position == len(lines):
                raise Mistake(f"{path}:{start}: the block has no end")
            kind = tuple((fence.group(2) if fence else setup.group(1)).split())
            code = "".join(each[indent:] + "\n" for each in lines[start:position])
            block = Block(path, start + 1, kind, code, reason, hidden=setup is not None)
            if not reason and kind not in KINDS:
                raise Mistake(f"{block.where}: nobody knows how to try {' '.join(kind) or 'a block without a language'!r}; give a reason, or a kind")
            page.blocks.append(block)
            reason = ""
        elif (found := re.match(r"^<!-- not run: (.*) -->$", line)):
            reason = found.group(1)
        elif line.strip():
            if reason:
                raise Mistake(f"{path}:{position + 1}: 'not run' stands before no block")
        position += 1
    return page


def document_paths(root=ROOT):
    """Every document whose blocks are tried, in reading order."""
    docs = root / "docs"
    folders = [*sorted((docs / "guide").glob("*.md")), *sorted((docs / "reference").glob("*.md"))]
    single = ["custom-fields.md", "migrating.md", "command-line.md", "engine.md"]
    return [root / "README.md", root / "npm/README.md", *folders, *(docs / name for name in single)]


def read_pages(root=ROOT):
    return [read_page(str(path.relative_to(root)), path.read_text()) for path in document_paths(root)]


def differences(block, printed):
    """What the block should have printed and did not, as a message; "" where all is well."""
    expected = block.expected
    patterns = [re.escape(line).replace(re.escape("..."), ".*") for line in expected]
    if len(expected) == len(printed) and all(re.fullmatch(pattern, line) for pattern, line in zip(patterns, printed)):
        return ""
    shown = lambda lines: "".join(f"\n    {line}" for line in lines) or "\n    (nothing)"
    return f"{block.where}: should print{shown(expected)}\n  and printed{shown(printed)}"


def is_excerpt(text, whole):
    """Whether all lines of the text stand in the whole, in this order and one after the other; a line `...` stands for any."""
    flat = lambda lines: "\n".join(line.strip() for line in lines if line.strip() and not line.strip().startswith("#"))
    parts = [flat(part.split("\n")) for part in re.split(r"(?m)^ *\.\.\.$", text)]
    place = 0
    haystack = "\n" + flat(whole.split("\n")) + "\n"
    for part in filter(None, parts):
        found = haystack.find("\n" + part + "\n", place)
        if found < 0:
            return False
        place = found + len(part)
    return True
