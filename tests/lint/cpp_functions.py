"""Finds function bodies in C++ text, well enough to measure them: no macros that hide braces, no K&R."""
import re

_SKIP = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^()\s\\]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL)


def without_comments_and_strings(text):
    """The same text with comments, literals and preprocessor lines blanked; line numbers stay."""
    def blank(match):
        if match.group(0)[0] == "'" and match.start() and text[match.start() - 1].isalnum():
            return match.group(0)  # a digit separator: 50'000
        return re.sub(r"[^\n]", " ", match.group(0))
    text = _SKIP.sub(blank, re.sub(r"(?<=\d)'(?=\d)", "_", text))
    text = re.sub(r"^BOOST_\w*SUITE\w*\([^)\n]*\)", "", text, flags=re.MULTILINE)  # stands alone, without a semicolon
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.MULTILINE)


def _kind(head, parent):
    """What a brace opens, from the text before it."""
    head = re.sub(r"\b(public|private|protected):", " ", head).strip()
    if parent == "inside":
        return "inside"
    if re.search(r"\bnamespace\b[\w\s:]*$|\bextern\s*$", head):
        return "scope"
    if re.search(r"\b(class|struct|union|enum)\b[^()=]*$", re.sub(r"\balignas\s*\([^)]*\)|<[^<>]*>", " ", head)):
        return "scope"
    if "(" in head and not re.search(r"=\s*$", head) and not re.match(r"(inline |static |constexpr |const )*auto .*=", head):
        return "function"
    return "inside"


def find(text):
    """Yields (name, first line, number of lines) of every function with a body."""
    code = without_comments_and_strings(text)
    stack, head_start, found = ["scope"], 0, []
    for match in re.finditer(r"[{};]", code):
        at, sign = match.start(), match.group(0)
        if sign == "{":
            head = code[head_start:at]
            kind = _kind(head, "inside" if stack[-1] in ("function", "inside") else "scope")
            if kind == "function":
                begin = head_start + len(head) - len(head.lstrip())
                name = re.search(r"([~\w:]+|operator[^(]*)\s*\(", head)
                found.append([name.group(1).strip() if name else "?", code.count("\n", 0, begin) + 1, None, len(stack)])
            stack.append(kind)
        elif sign == "}" and len(stack) > 1:
            stack.pop()
            if found and found[-1][2] is None and found[-1][3] == len(stack):
                found[-1][2] = code.count("\n", 0, at) + 2 - found[-1][1]
        if sign != ";" or stack[-1] == "scope":
            head_start = at + 1
    return [(name, first, count) for name, first, count, _ in found if count is not None]
