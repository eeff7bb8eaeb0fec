"""Edits of the standard talk, as an author makes them: texts in, texts out."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

STANDARD = Path(__file__).resolve().parent / "standard"
_WORD = "is easy"
WORDS = ("is simple", "is lazy", "is cheap", "is natural", "is pleasant", "is quick")
"""What `one_word` puts in place of words of the last scene, each in turn a build of its own."""
_SCENE = re.compile(r"^scene \w+", re.M)


class Gone(Exception):
    """The talk has no longer what an edit changes."""


def copied(folder: Path) -> Path:
    """A copy of the standard talk with its assets in a new folder; its path."""
    shutil.copytree(STANDARD, folder, ignore=shutil.ignore_patterns("*.mp4", "*.json", "*.srt", "*.vtt"))
    return folder / "talk.vid"


def _replaced(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise Gone(f"the standard talk says {old!r} {text.count(old)} times instead of once")
    return text.replace(old, new)


def one_word(text: str, number: int) -> str:
    """The talk with one word of its narration changed."""
    return _replaced(text, _WORD, WORDS[number % len(WORDS)])


def themed(text: str, block: str) -> str:
    """The talk in a theme of its own, which has ``block`` beside what `midnight` has."""
    theme = "theme ours extends midnight {\n  " + block + "\n}\n"
    first = _SCENE.search(text)
    if first is None:
        raise Gone("the standard talk has no scenes")
    return _replaced(text[: first.start()], "= midnight\n", "= ours\n") + theme + "\n" + text[first.start() :]


def scenes(text: str) -> tuple[str, tuple[str, ...]]:
    """What stands before the scenes, and each scene."""
    starts = [match.start() for match in _SCENE.finditer(text)]
    blocks = tuple(text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True))
    return text[: starts[0]], tuple(block.rstrip() + "\n\n" for block in blocks)


def reordered(text: str) -> str:
    """The talk with its second scene moved behind its fifth."""
    head, blocks = scenes(text)
    if len(blocks) < 6:
        raise Gone(f"the standard talk has only {len(blocks)} scenes")
    first, second, *rest = blocks
    return head + "".join((first, *rest[:3], second, *rest[3:]))


def only(text: str, names: tuple[str, ...]) -> str:
    """The talk with these scenes alone."""
    head, blocks = scenes(text)
    kept = [block for block in blocks if block.split()[1] in names]
    if len(kept) != len(names):
        raise Gone(f"the standard talk has {len(kept)} of the scenes {', '.join(names)}")
    return head + "".join(kept)


def early_word(text: str, number: int) -> str:
    """The talk with one word of its second scene's narration changed."""
    return _replaced(text, "Here is the plan.", f"{('There', 'This', 'Now')[number % 3]} is the plan.")
