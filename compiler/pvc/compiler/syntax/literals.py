"""Literals: strings with their escapes, numbers with units, colours."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|([\s\S])|\Z)")
_PLAIN = {'"': '"', "\\": "\\", "n": "\n", "t": "\t", "{": "{", "}": "}", "<": "<"}
_KEPT_IN_NARRATION = frozenset("\\{}<")
_NUMBER = re.compile(r"(\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)(.*)", re.DOTALL)
MOST_DIGITS = 40
LARGEST_EXPONENT = 30


def content(token: str) -> str:
    """What stands between a string token's quotes; the closing one may be missing."""
    return token[1:-1] if len(token) > 1 and token[-1] in "\"'`\u2019\u201d\u201c" else token[1:]


def unescape(raw: str, narration: bool = False) -> tuple[str, list[int], list[tuple[int, int]]]:
    """A string's value, for each of its characters the offset in ``raw``, and the ranges of escapes that mean nothing.

    In a narration ``\\\\``, ``\\{``, ``\\}`` and ``\\<`` stay as written (see tree.Narration).
    """
    out: list[str] = []
    offsets: list[int] = []
    bad: list[tuple[int, int]] = []
    position = 0
    for match in _ESCAPE.finditer(raw):
        start, end = match.span()
        out.append(raw[position:start])
        offsets.extend(range(position, start))
        position = end
        code, character = match.groups()
        if code is not None and int(code, 16) < 0x110000 and not 0xD800 <= int(code, 16) < 0xE000:
            value = chr(int(code, 16))
        elif character is not None and narration and character in _KEPT_IN_NARRATION:
            value = "\\" + character
        elif character in _PLAIN:
            value = _PLAIN[character]
        else:
            bad.append((start, end))
            value = raw[start:end]
        out.append(value)
        offsets.extend(range(start, start + len(value)) if len(value) == end - start else [start] * len(value))
    out.append(raw[position:])
    offsets.extend(range(position, len(raw)))
    return "".join(out), offsets, bad


def number(token: str) -> tuple[Decimal, str | None] | None:
    """A number's value and unit, or None where it is too long to be meant."""
    match = _NUMBER.fullmatch(token)
    if match is None:
        return None
    digits, unit = match.groups()
    mantissa = digits.lower().partition("e")[0].replace("_", "").replace(".", "")
    if len(mantissa) > MOST_DIGITS or len(digits) > 3 * MOST_DIGITS:
        return None
    try:
        value = Decimal(digits.replace("_", ""))
    except InvalidOperation:
        return None
    if not value:
        return Decimal(0), unit or None
    if abs(value.adjusted()) > LARGEST_EXPONENT:
        return None
    return value, unit or None


def color(token: str) -> str | None:
    """Six or eight lower-case digits; the short forms `#fff` and `#fff8` are spelt out. None where it is no colour."""
    digits = token[1:].lower()
    if any(character not in "0123456789abcdef" for character in digits):
        return None
    if len(digits) in (3, 4):
        return "".join(digit * 2 for digit in digits)
    return digits if len(digits) in (6, 8) else None


def raw(token: str) -> tuple[str, str]:
    """A tagged raw string's tag and content."""
    tick = token.index("`")
    fence = len(token) - tick - len(token[tick:].lstrip("`"))
    if fence == len(token) - tick:  # nothing but backquotes: an empty text
        return token[:tick], ""
    if fence < 3:
        return token[:tick], token[tick + 1 : -1]
    inner = token[tick + fence : -fence]
    # A space keeps a backquote of the text apart from the fence; it is not part of the text.
    if inner.startswith(" ") and inner.lstrip(" ").startswith("`"):
        inner = inner[1:]
    if inner.endswith(" ") and inner.rstrip(" ").endswith("`"):
        inner = inner[:-1]
    return token[:tick], inner


_PLAIN_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def quoted(value: str, narration: bool = False) -> str:
    """A text in quotes that reads as ``value``; a narration's backslashes stay, since its value keeps them."""
    if value.isprintable() and '"' not in value and (narration or "\\" not in value):
        return f'"{value}"'
    out: list[str] = []
    for character in value:
        if character == "\\" and narration:
            out.append(character)
        elif character in _PLAIN_ESCAPES:
            out.append(_PLAIN_ESCAPES[character])
        elif character < " " or character in "\x7f\x85\u2028\u2029\ufeff" or "\ud800" <= character <= "\udfff":
            out.append(f"\\u{{{ord(character):x}}}")
        else:
            out.append(character)
    return '"' + "".join(out) + '"'


def fenced(tag: str, raw: str) -> str:
    """A tagged raw text with the shortest fence that holds it."""
    if not raw:
        return f"{tag}``"
    if "`" not in raw:
        return f"{tag}`{raw}`"
    runs = max(len(run) for run in re.findall(r"`+", raw))
    fence = "`" * max(3, runs + 1)
    low = " " if raw.lstrip(" ").startswith("`") else ""
    high = " " if raw.rstrip(" ").endswith("`") else ""
    return f"{tag}{fence}{low}{raw}{high}{fence}"


def plain_number(value: Decimal, unit: str | None) -> str:
    """A number without needless signs or exponents."""
    text = format(value, "f") if value else "0"
    if sum(character.isdigit() for character in text) > MOST_DIGITS:
        text = str(value).lower().replace("e+", "e")
    return text + (unit or "")
