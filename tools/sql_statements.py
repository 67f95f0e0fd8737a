"""Splitting a script of SQL into its statements."""

import re

# what may hold a semicolon that ends no statement; our scripts have no E'' strings, no nested comments and no psql commands but one
TOKEN = re.compile(r"""
    (?P<comment> --[^\n]*(?:\n|\Z) | /\*.*?\*/ )
  | (?P<quoted> '(?:[^']|'')*' | "(?:[^"]|"")*" | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$ )
  | (?P<psql> ^\\[^\n]*(?:\n|\Z) )
  | (?P<end> ; )
  | (?P<space> \s+ )
  | (?P<other> . )
""", re.VERBOSE | re.DOTALL | re.MULTILINE)


class Statement:
    """text: as it is written, without the comments before it; comment: these; key: equal for statements that differ in layout alone."""

    def __init__(self, text, comment, key):
        self.text, self.comment, self.key = text, comment, key

    def made(self):
        """(kind, name, its arguments in parentheses or ''), of what CREATE makes; None of any other statement."""
        found = re.match(r"CREATE (?:OR REPLACE )?((?:CONSTRAINT )?TRIGGER|UNIQUE INDEX|\w+(?: CLASS| FAMILY)?) ([^\s(;]+)?\s?(\(.*)?", self.key)
        if found is None:
            return None
        kind, name, rest = found.groups()
        return kind, name, parenthesized(rest or "") if kind in ("FUNCTION", "AGGREGATE", "CAST", "OPERATOR") else ""


def parenthesized(text):
    """The text up to the parenthesis that closes its first one."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return text[:place + 1] if character == ")" else ""
    return ""


def statements(script):
    """The statements of a script, in order."""
    found = []
    text = comment = key = ""
    for token in TOKEN.finditer(script):
        kind = token.lastgroup if token.lastgroup != "tag" else "quoted"
        if kind == "psql":
            continue
        if text == "":
            if kind == "space":
                # an empty line ends what a comment is about
                if token[0].count("\n") > 1:
                    comment = ""
                continue
            if kind == "comment":
                comment += token[0]
                continue
        text += token[0]
        if kind in ("space", "comment"):
            key += " "
        else:
            key += token[0]
        # a body BEGIN ATOMIC ... END holds statements of its own
        if kind == "end" and not (re.search(r"\bBEGIN ATOMIC\b", key) and not re.search(r";\s*END;$", key)):
            key = re.sub(r" +", " ", key).strip()
            found.append(Statement(text, comment, key))
            text = comment = key = ""
    if text.strip():
        raise ValueError(f"a statement without an end: {text[:200]}")
    return found
