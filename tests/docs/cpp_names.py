"""The public names of include/bao, read from the headers: no compiler, as they are formatted by one tool and plain enough."""
import re
from dataclasses import dataclass
from pathlib import Path

DOC_BEFORE, DOC_AFTER, DOC_END = "\x01", "\x03", "\x02"


@dataclass
class Name:
    owner: str  # class or enum; "" for what lies in the namespace
    name: str
    signature: str
    doc: str = ""
    kind: str = "member"  # class, enum, enumerator, function, concept, alias, constant, member


def prepare(text):
    """Only what the reader below needs: documentation as marks, "For the library" as an access specifier."""
    text = re.sub(r"(?m)^ *// For the library.*$", "private:", text)
    text = re.sub(r"(?m)^\s*#.*(?:\\\n.*)*$", "", text)
    return re.sub(r'///(?P<after><?) ?(?P<doc>.*)|//.*|"(?:\\.|[^"\\\n])*"', mark_token, text)


def mark_token(found):
    if found.group("doc") is not None:
        return (DOC_AFTER if found.group("after") else DOC_BEFORE) + found.group("doc") + DOC_END
    return '""' if found.group().startswith('"') else ""


def without_angles(text):
    """Template arguments and parameters taken out; operators have been dealt with."""
    previous = None
    while previous != text:
        previous = text
        text = re.sub(r"<[^<>]*>", "", text)
    return text


def plain_of(head):
    """A declaration without template arguments, attributes and leading template and requires clauses."""
    plain = without_angles(re.sub(r"operator\s*(?:<=>|<<|>>|<=|>=|<|>|->)", "operator", head)).strip()
    plain = re.sub(r"\[\[\w+\]\]\s*", "", plain)
    plain = re.sub(r"^(?:template\s*)+", "", plain).strip()
    if plain.startswith("requires("):
        depth, position = 1, len("requires(")
        while depth and position < len(plain):
            depth += {"(": 1, ")": -1}.get(plain[position], 0)
            position += 1
        plain = plain[position:].strip()
    # A concept's name with its arguments, which are gone, and then the declaration.
    return re.sub(r"^requires [\w:]+\s+(?=[\w:])", "", plain)


class Reader:
    def __init__(self, text, space):
        self.text = prepare(text)
        self.position = 0
        self.names = []
        self.doc = ""
        self.space = space

    def skip_braces(self):
        depth = 1
        while depth:
            depth += {"{": 1, "}": -1}.get(self.text[self.position], 0)
            self.position += 1

    def add(self, owner, name, signature, kind):
        self.names.append(Name(owner, name, " ".join(signature.split()), self.doc.strip(), kind))
        self.doc = ""

    def read(self, owner="", visible=True, is_class=False):
        """A scope, to its closing brace."""
        head = ""
        while self.position < len(self.text):
            character = self.text[self.position]
            self.position += 1
            if character in (DOC_BEFORE, DOC_AFTER):
                end = self.text.index(DOC_END, self.position)
                said = self.text[self.position:end]
                self.position = end + 1
                if character == DOC_BEFORE:
                    self.doc += said + "\n"
                elif self.names:
                    self.names[-1].doc = (self.names[-1].doc + " " + said).strip()
            elif character == "}":
                return
            elif character == ":" and re.fullmatch(r"\s*(public|private|protected)", head):
                visible = head.strip() == "public"
                head = ""
                self.doc = ""
            elif character == ";":
                if visible:
                    self.statement(owner, head, is_class)
                head = ""
                self.doc = ""
            elif character == "{":
                head = self.block(owner, head, visible, is_class)
            elif character == "(":
                # Arguments as a whole: their braces are no bodies.
                depth, start = 1, self.position - 1
                while depth:
                    depth += {"(": 1, ")": -1}.get(self.text[self.position], 0)
                    self.position += 1
                head += self.text[start:self.position]
            else:
                head += character

    def block(self, owner, head, visible, is_class):
        """What a `{` opens; gives the head that goes on behind it."""
        plain = plain_of(head)
        space = re.match(r"(?:inline )?namespace ([\w:]*)$", plain)
        if space:
            if space.group(1).endswith("detail") or space.group(1) in ("std", "boost::asio"):
                self.skip_braces()
            else:
                outer = self.space
                if space.group(1).startswith("bao::"):
                    self.space = space.group(1)[len("bao::"):]
                self.doc = ""
                self.read("")
                self.space = outer
            self.doc = ""
            return ""
        made = re.match(r"(class|struct|enum class)\s+([\w:]+)", plain)
        if made and "(" not in plain.split(made.group(2))[0]:
            kind, name = made.groups()
            specialised = re.search(rf"\b{name}\s*<", head) is not None
            if not visible:
                self.skip_braces()
                return ""
            full = f"{owner}::{name}" if owner else self.full(name)
            if kind == "enum class":
                self.add(owner, full, head, "enum")
                self.enumerators(full)
            else:
                if specialised:
                    self.doc = ""
                else:
                    self.add(owner, full, head, "class")
                if name == "FieldTraits" and specialised:
                    self.skip_braces()
                else:
                    self.read(full, kind == "struct", True)
            self.doc = ""
            return ""
        if re.match(r"concept \w+", plain):
            if visible:
                self.add(owner, self.full(re.match(r"concept (\w+)", plain).group(1)), head, "concept")
            self.skip_braces()
            return ""
        name = self.function_name(plain)
        self.skip_braces()
        if name == "requires":
            return ""
        if name is None:
            return head  # an initialiser: the statement goes on
        if visible:
            self.statement(owner, head, is_class)
        self.doc = ""
        return ""

    def full(self, name):
        return f"{self.space}::{name}" if self.space else name

    def enumerators(self, owner):
        while True:
            found = re.compile(rf"\s*(?:{DOC_AFTER}(.*?){DOC_END}|{DOC_BEFORE}.*?{DOC_END}|(\w+)(?:\s*=[^,}}]*)?\s*,?|(\}}))").match(self.text, self.position)
            self.position = found.end()
            if found.group(3):
                return
            if found.group(2):
                self.add(owner, found.group(2), found.group(2), "enumerator")
            elif found.group(1):
                self.names[-1].doc = (self.names[-1].doc + " " + found.group(1)).strip()

    @staticmethod
    def function_name(plain):
        """The name before the first parenthesis, "operator", or None where this is no function."""
        before = plain.split("(", 1)[0]
        if "operator" in before:
            return "operator"
        if "(" not in plain or re.search(r"(?<![=!<>])=(?!=)", before):
            return None
        found = re.search(r"(~?\w+)\s*$", before)
        return found.group(1) if found else None

    def statement(self, owner, head, is_class):
        plain = plain_of(head)
        if not plain or plain.startswith(("friend", "extern", "static_assert", "}")):
            return
        alias = re.match(r"using (\w+) =", plain)
        if alias:
            self.add(owner, alias.group(1) if is_class else self.full(alias.group(1)), head, "alias")
            return
        if re.match(r"(class|struct|using)\b", plain):
            return
        pointer = re.search(r"\(\*(\w+)\)\(", plain)
        function = None if pointer else self.function_name(plain)
        short = owner.split("::")[-1]
        if pointer:
            name, kind = pointer.group(1), "member"
        elif function is not None:
            if function in ("operator", short, f"~{short}", "requires") or function.endswith("_"):
                return
            name, kind = function, "function"
        else:
            found = re.search(r"(\w+)\s*(?:=.*)?$", plain, re.S)
            if not found:
                return
            name, kind = found.group(1), "member" if is_class else "constant"
        self.add(owner, name if owner else self.full(name), head, kind)


def read_headers(folder):
    names = []
    for path in sorted(Path(folder).rglob("*.hpp")):
        reader = Reader(path.read_text(), "")
        reader.read()
        names += reader.names
    return names


if __name__ == "__main__":
    for each in read_headers(Path(__file__).resolve().parents[2] / "include/bao"):
        print(f"{each.kind:10} {each.owner:28} {each.name:32} {each.doc[:60]!r}")
