"""Cues as SubRip and WebVTT files. Times are rounded to milliseconds; equal cues give equal bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pvc.compiler.captions.cues import Cue
from pvc.compiler.clock import SAMPLE_RATE

JOINER = "\u2060"
"""WORD JOINER: has no width and shows nothing."""
_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])|\{(?=\\)|--(?=>)")


def srt(captions: Iterable[Cue]) -> str:
    """SubRip. The format has no escapes: where text would be taken for a tag (`<b`, `{\\`) or for the arrow between
    times, an invisible word joiner stands inside it."""
    blocks = []
    for number, cue in enumerate(captions, 1):
        text = _TAG_LIKE.sub(lambda found: found.group() + JOINER, cue.text)
        blocks.append(f"{number}\n{_stamp(cue.start, ',')} --> {_stamp(cue.end, ',')}\n{text}\n")
    return "\n".join(blocks)


def vtt(captions: Iterable[Cue], language: str = "en") -> str:
    """WebVTT, with `&`, `<` and `>` escaped."""
    blocks = [f"WEBVTT\nKind: captions\nLanguage: {language}\n"]
    for cue in captions:
        text = cue.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{_stamp(cue.start, '.')} --> {_stamp(cue.end, '.')}\n{text}\n")
    return "\n".join(blocks)


def _stamp(sample: int, point: str) -> str:
    milliseconds = (sample * 1000 + SAMPLE_RATE // 2) // SAMPLE_RATE
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{milliseconds:03}"
