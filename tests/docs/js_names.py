"""The public names of the npm package, read from its declarations (npm/dist/types), which one compiler formats."""
import re
from pathlib import Path

from cpp_names import Name

MEMBER = re.compile(r"^(?: {4})+(?:(?:static|readonly|get|abstract|override) )*([\w$]+|\[Symbol[^\]]*\])\??(?=[(<:;])")
TOP = re.compile(r"^export (?:declare )?(?:abstract )?(class|interface|type|function|const) (\w+)")


def names_of(text):
    names, doc, owner = [], "", None
    path = []  # (indentation, name, line) of the objects that the line is in
    lines = iter(text.split("\n"))
    for line in lines:
        if line.strip().startswith("/**"):
            doc = line
            while "*/" not in line:
                line = next(lines)
                doc += "\n" + line
            doc = " ".join(re.sub(r"^\s*(/\*\*|\*/|\*(?!/))|\*/", "", each).strip() for each in doc.split("\n")).strip()
            continue
        top = TOP.match(line)
        if top:
            kind, name = top.groups()
            names.append(Name("", name, line, doc, kind))
            owner = name if line.rstrip().endswith("{") and kind in ("class", "interface") else None
            path = []
        elif owner and line.startswith("}"):
            owner = None
        elif owner:
            found = MEMBER.match(line)
            indentation = len(line) - len(line.lstrip())
            path = [each for each in path if each[0] < indentation]
            if found and not line.strip().startswith(("private", "#", "constructor")) and len(path) == indentation // 4 - 1:
                name = found.group(1)
                full = ".".join([each[1] for each in path] + [name])
                # What a function takes or gives has no names of its own, and a field's type is its class's.
                inner = any("(" in each[2] for each in path)
                if not inner and not name.startswith(("_", "[")) and line.strip() != f"static readonly {name}: FieldTypeName;":
                    names.append(Name(owner, full, line.strip(), doc, "member"))
                path.append((indentation, name, line))
        doc = ""
    return names


def read_declarations(folder):
    """{file: names} of what index.d.ts exports, by name or in a namespace."""
    folder = Path(folder)
    index = (folder / "index.d.ts").read_text()
    wanted = {}
    for names, file in re.findall(r"export (?:type )?\{([^}]*)\} from \"\./(.*?)\.js\"", index):
        wanted.setdefault(file, set()).update(re.sub(r"\btype ", "", names).replace(" ", "").split(","))
    for file in re.findall(r"export type \* from \"\./(.*?)\.js\"", index):
        wanted[file] = None
    result = []
    for file, exported in wanted.items():
        found = names_of((folder / f"{file}.d.ts").read_text())
        result += [each for each in found if exported is None or each.name in exported or each.owner in exported]
    for space, file in re.findall(r"import \* as (\w+) from \"\./(.*?)\.js\"", index):
        text = (folder / f"{file}.d.ts").read_text()
        source = re.search(r"export \{([^}]*)\} from \"\./(.*?)\.js\"", text)
        if source:
            exported = set(re.findall(r"\w+", source.group(1)))
            found = names_of((folder / Path(file).parent / f"{source.group(2)}.d.ts").read_text())
            result += [Name(space, each.name, each.signature, each.doc, each.kind) for each in found if not each.owner and each.name in exported]
            result += [each for each in found if each.owner in exported]
        else:
            result += [Name(space, each.name, each.signature, each.doc, each.kind) for each in names_of(text) if not each.owner]
    return result


if __name__ == "__main__":
    for each in read_declarations(Path(__file__).resolve().parents[2] / "npm/dist/types"):
        print(f"{each.kind:10} {each.owner:24} {each.name:32} {each.doc[:70]!r}")
