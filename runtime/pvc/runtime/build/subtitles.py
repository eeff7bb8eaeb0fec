"""Captions from what is spoken: their text is the script's, their times are the voice's."""

from __future__ import annotations

from pvc.compiler.clock import SAMPLE_RATE, sample_at
from pvc.compiler.digest import code_digest
from pvc.compiler.graph import nodes
from pvc.compiler.model.program import Program
from pvc.compiler.model.speech import TalkTime


def captions(program: Program, when: TalkTime) -> nodes.Captions:
    """One caption for each sentence."""
    lines: list[nodes.Line] = []
    frame = 0
    for scene in when.scenes:
        start = sample_at(frame, when.fps)
        for clip in scene.clips:
            begin = start + clip.start
            lines.append(nodes.Line(begin, begin + clip.timing.samples, " ".join(clip.utterance.text.split())))
        frame += scene.frames
    return nodes.Captions(tuple(lines), program.language, (("code", code_digest([__name__])),))


def _clock(samples: int, point: str) -> str:
    milliseconds = samples * 1000 // SAMPLE_RATE
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{rest:03}"


def srt(captions: nodes.Captions) -> str:
    """SubRip."""
    return "".join(
        f"{number}\n{_clock(line.start, ',')} --> {_clock(line.end, ',')}\n{line.text}\n\n"
        for number, line in enumerate(captions.lines, 1)
    )


def vtt(captions: nodes.Captions) -> str:
    """WebVTT."""
    body = "".join(f"\n{_clock(line.start, '.')} --> {_clock(line.end, '.')}\n{line.text}\n" for line in captions.lines)
    return f"WEBVTT\n{body}"
