"""A formula in words, for descriptions and transcripts: plain English, in the order in which it is read."""

from __future__ import annotations

from unicodedata import name, normalize

from pvc.compiler.math.match import Item, Row

_WORDS = {
    "=": "equals",
    "+": "plus",
    "−": "minus",
    "-": "minus",
    "±": "plus or minus",
    "×": "times",
    "⋅": "times",
    "·": "times",
    "÷": "divided by",
    "/": "over",
    "≤": "is at most",
    "≥": "is at least",
    "<": "is less than",
    ">": "is greater than",
    "≠": "is not equal to",
    "≈": "is about",
    "∼": "is distributed as",
    "∝": "is proportional to",
    "→": "to",
    "↦": "maps to",
    "⇒": "implies",
    "⟹": "implies",
    "⟺": "if and only if",
    "∈": "in",
    "∉": "not in",
    "⊂": "is a subset of",
    "⊆": "is a subset of",
    "∪": "union",
    "∩": "intersection",
    "∑": "the sum",
    "∏": "the product",
    "∫": "the integral",
    "∬": "the double integral",
    "∭": "the triple integral",
    "∮": "the contour integral",
    "∂": "partial",
    "∇": "the gradient of",
    "∞": "infinity",
    "∀": "for all",
    "∃": "there is",
    "∣": "given",
    "|": "bar",
    "‖": "norm",
    "∥": "norm",
    "(": "(",
    ")": ")",
    "⊤": "transposed",
    "′": "prime",
    "…": "and so on",
    "⋯": "and so on",
    "⋮": "and so on",
    "∘": "after",
    "⊙": "element by element times",
    "^": "hat",
    "ˆ": "hat",
    "˜": "tilde",
    "~": "tilde",
    "¯": "bar",
    "―": "bar",
    "⃗": "vector",
    "⏞": "",
    "⏟": "",
    "⎴": "",
    "⎵": "",
    "⋱": "and so on",
}

_POWERS = {"2": "squared", "3": "cubed", "transposed": "transposed", "prime": "prime"}
_ACCENTS = frozenset({"hat", "tilde", "bar", "vector"})


def words(row: Row) -> str:
    """The row in words."""
    text = " ".join(filter(None, (_item(item) for item in row)))
    return text.replace("( ", "(").replace(" )", ")").replace(" ,", ",")


def _item(item: Item) -> str:
    inner = [words(each) for each in item.rows]
    match item.kind, inner:
        case "token", _:
            return _symbol(item.symbol)
        case "mfrac", [above, below]:
            return f"{_grouped(above)} over {_grouped(below)}"
        case "msqrt", [content]:
            return f"the square root of {_grouped(content)}"
        case "mroot", [content, degree]:
            return f"the root of degree {degree} of {_grouped(content)}"
        case "sub", [base, script]:
            return f"{base} sub {_grouped(script)}" if script else base
        case "sup", [base, script]:
            return _power(base, script)
        case "subsup", [base, lower, upper]:
            if base.startswith("the "):
                return f"{base} from {lower} to {upper} of"
            return _power(f"{base} sub {_grouped(lower)}", upper)
        case "mtable", cells:
            return "; ".join(cells)
        case _, cells:
            return ", ".join(cells)


def _power(base: str, script: str) -> str:
    if not script:
        return base
    if script in _ACCENTS:
        return f"{base} {script}"
    return f"{base} {_POWERS[script]}" if script in _POWERS else f"{base} to the {_grouped(script)}"


def _grouped(text: str) -> str:
    return f"({text})" if " " in text and not text.startswith("(") else text


def _symbol(codes: str) -> str:
    chars = [_plain(chr(int(code, 16))) for code in codes.split() if _is_code(code)]
    if len(chars) != 1:
        return "".join(chars).strip() if chars else codes
    char = chars[0]
    if char in _WORDS:
        return _WORDS[char]
    title = name(char, "")
    if title.startswith("GREEK ") and " LETTER " in title:
        letter = title.split(" LETTER ")[1].split(" WITH ")[0].replace(" SYMBOL", "").lower()
        return letter.capitalize() if "CAPITAL" in title else letter
    return char


def _plain(char: str) -> str:
    """A mathematical letter as the plain letter that it is; a sign that stands for several stays itself."""
    if char in _WORDS:
        return char
    letter = normalize("NFKC", char)
    return letter if len(letter) == 1 else char


def _is_code(code: str) -> bool:
    try:
        return 0 <= int(code, 16) < 0x110000
    except ValueError:
        return False
