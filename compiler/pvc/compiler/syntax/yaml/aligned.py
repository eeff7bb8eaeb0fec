"""Where the characters of a scalar stand that YAML folded or unescaped: over several lines, with quotes or escapes."""

from __future__ import annotations

from pvc.compiler.syntax.yaml.compose import Node, content

_ESCAPES = {"x": 4, "u": 6, "U": 10}
"""How long an escape is that names a character by its number; all others are two characters."""


def aligned(text: str, node: Node, value: str) -> list[int] | None:
    """For each character of ``value``, the scalar's, its offset in ``text``; None where they cannot be matched. White
    space of any length may stand for white space; a backslash that was doubled on the way stands where it stood."""
    position = content(text, node.start, node.end)
    if node.style in ("|", ">"):
        position = text.find("\n", position) + 1
    elif node.style:
        position += 1
    found: list[int] = []
    for character in value:
        if node.style == '"':
            while text.startswith("\\\n", position):
                position = _skipped(text, position + 2, node.end)
            if text[position : position + 1] == "\\":
                found.append(position)
                letter = text[position + 1 : position + 2]
                # JSON writes such a character as two escapes.
                position += 12 if letter == "u" and ord(character) > 0xFFFF else _ESCAPES.get(letter, 2)
                continue
        if character.isspace():
            found.append(min(position, node.end))
            position = _skipped(text, position, node.end)
            continue
        position = _skipped(text, position, node.end)
        if position >= node.end or text[position] != character:
            if character == "\\" and found and text[found[-1]] == "\\":
                found.append(found[-1])
                continue
            return None
        found.append(position)
        position += 2 if node.style == "'" and text.startswith("''", position) else 1
    return found


def _skipped(text: str, position: int, end: int) -> int:
    while position < end and text[position].isspace():
        position += 1
    return position
