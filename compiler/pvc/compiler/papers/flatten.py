"""A LaTeX document in one piece: `\\input` followed, comments taken out. Bounded in depth and length."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

MOST_CHARACTERS = 16_000_000

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*)?")
_INPUT = re.compile(
    r"\\(input|include|subfile|subfileinclude)\s*\{([^{}]*)\}|\\(import|subimport)\s*\{([^{}]*)\}\s*\{([^{}]*)\}"
)
_VERBATIM = re.compile(r"\\begin\{(verbatim|Verbatim|lstlisting|minted|comment)\*?\}.*?\\end\{\1\*?\}", re.DOTALL)


def uncomment(text: str) -> str:
    """The text without comments; those in listings stay."""
    if "%" not in text:
        return text
    kept: list[str] = []
    at = 0
    for found in _VERBATIM.finditer(text):
        kept.append(_COMMENT.sub(r"\1", text[at : found.start()]))
        kept.append(found.group())
        at = found.end()
    kept.append(_COMMENT.sub(r"\1", text[at:]))
    return "".join(kept)


def flatten(path: str, read: Callable[[str], str | None], remarks: list[str]) -> str:
    """A document with everything it inputs, without comments. ``read`` gives a file's text or None."""
    root = os.path.dirname(path)
    total = 0

    def expand(name: str, chain: tuple[str, ...]) -> str | None:
        nonlocal total
        text = read(name)
        if text is None:
            return None
        text = uncomment(re.sub(r"[\x00-\x08\x0e-\x1f]", "", text.replace("\r\n", "\n").replace("\r", "\n")))
        total += len(text)
        if total > MOST_CHARACTERS:
            remarks.append("it is too long; the rest is left out")
            return ""

        def inner(found: re.Match[str]) -> str:
            written = (found[2] if found[1] else f"{found[4]}/{found[5]}").strip()
            if len(chain) > 20 or not written:
                return ""
            folder = root if found[1] else os.path.dirname(name)
            for candidate in (written, f"{written}.tex"):
                target = os.path.normpath(os.path.join(folder, candidate))
                if target in chain:
                    return ""
                if os.path.splitext(candidate)[1] or candidate != written:
                    made = expand(target, (*chain, target))
                    if made is not None:
                        return made
            remarks.append(f"its part `{written}` is not there")
            return ""

        return _INPUT.sub(inner, text)

    return expand(os.path.normpath(path), (os.path.normpath(path),)) or ""
