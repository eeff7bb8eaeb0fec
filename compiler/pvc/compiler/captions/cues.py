"""From a planned talk to cues: which words stand on the screen together, in which lines, and when.

A dynamic programme over each scene's words finds the partition with the least cost: whole sentences and clauses stay
together, two lines are of like length, no word stands alone, nobody has to read faster than LIMITS say where the voice
allows it. The text is the script's, every character of it in its order; only spaces become line ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from pvc.compiler.captions.tokens import Token, tokens
from pvc.compiler.clock import SAMPLE_RATE, sample_at
from pvc.compiler.model.speech import TalkTime


@dataclass(frozen=True, slots=True)
class Limits:
    """``width``: columns of a line; ``rate``: columns a second that can be read; ``shortest``/``longest``: seconds a
    cue should stand; ``linger``: seconds it may stand on in a pause; ``join``: pauses shorter than this (seconds) are
    no reason to take a caption away."""

    width: int = 42
    rate: float = 20.0
    shortest: float = 1.0
    longest: float = 7.0
    linger: float = 0.6
    join: float = 0.8


LIMITS = Limits()
MILLISECOND = SAMPLE_RATE // 1000


@dataclass(frozen=True, slots=True)
class Cue:
    """``lines`` (one or two) stand on the screen from sample ``start`` up to sample ``end`` of the talk (48 kHz)."""

    start: int
    end: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def cues(time: TalkTime, limits: Limits = LIMITS) -> tuple[Cue, ...]:
    """The captions of a talk in order. They do not overlap, lie inside the talk, and no cue spans two scenes."""
    made: list[Cue] = []
    frame = number = 0
    for scene in time.scenes:
        start = sample_at(frame, time.fps)
        frame += scene.frames
        words: list[Token] = []
        for clip in sorted(scene.clips, key=lambda clip: clip.start):
            words += tokens(clip, start + clip.start, number, limits.width)
            number += 1
        made += _scene(words, sample_at(frame, time.fps), limits)
    return tuple(made)


def _scene(words: Sequence[Token], until: int, limits: Limits) -> list[Cue]:
    """The cues of a scene's words; the last one ends by sample ``until``."""
    if not words:
        return []
    parts = _partition(words, limits)
    begins = _apart([words[first].begin for first, _, _ in parts], until)
    made: list[Cue] = []
    for (first, last, split), begin, following in zip(parts, begins, [*begins[1:], until], strict=True):
        finish = words[last - 1].finish
        width = sum(word.width for word in words[first:last])
        wanted = max(limits.shortest, width / limits.rate) * SAMPLE_RATE
        end = max(finish + round(limits.linger * SAMPLE_RATE), begin + round(wanted))
        if following < until and following - finish < limits.join * SAMPLE_RATE:
            end = following
        lines = (_line(words[first:split]), _line(words[split:last])) if split else (_line(words[first:last]),)
        made.append(Cue(begin, max(begin + 1, min(end, following)), lines))
    return made


def _apart(begins: Sequence[int], until: int) -> list[int]:
    """The beginnings of cues, at least a millisecond from each other and from ``until``: a voice's times may be wrong,
    but no text is lost to them."""
    apart = list(begins)
    for place in range(1, len(apart)):
        apart[place] = max(apart[place], apart[place - 1] + MILLISECOND)
    for place in range(len(apart) - 1, -1, -1):
        apart[place] = min(apart[place], until - MILLISECOND)
        until = apart[place]
    return apart


def _line(words: Sequence[Token]) -> str:
    return "".join(word.text + (" " if word.spaced else "") for word in words).rstrip(" ")


def _partition(words: Sequence[Token], limits: Limits) -> list[tuple[int, int, int]]:
    """The best cues as (first word, end, first word of the second line or 0)."""
    count = len(words)
    edges = list(accumulate((word.width + word.spaced for word in words), initial=0))
    best = [0.0] + [float("inf")] * count
    chosen: list[tuple[int, int]] = [(0, 0)] * (count + 1)
    for first in range(count):
        if best[first] == float("inf"):
            continue
        for last in range(first + 1, count + 1):
            width = edges[last] - edges[first] - words[last - 1].spaced
            if width > 2 * limits.width + 1:
                break
            lines = _two_lines(words, edges, first, last, limits)
            if lines is None:
                continue
            cost = best[first] + lines[0] + _cost(words, first, last, width, limits)
            if cost < best[last]:
                best[last], chosen[last] = cost, (first, lines[1])
    parts: list[tuple[int, int, int]] = []
    at = count
    while at:
        first, split = chosen[at]
        parts.append((first, at, split))
        at = first
    return parts[::-1]


def _two_lines(
    words: Sequence[Token], edges: Sequence[int], first: int, last: int, limits: Limits
) -> tuple[float, int] | None:
    """Cost and place of the best line break of a cue; (0, 0) where one line holds it; None where two do not."""
    if edges[last] - edges[first] - words[last - 1].spaced <= limits.width:
        return 0.0, 0
    best: tuple[float, int] | None = None
    for split in range(first + 1, last):
        upper = edges[split] - edges[first] - words[split - 1].spaced
        lower = edges[last] - edges[split] - words[last - 1].spaced
        if upper > limits.width:
            break
        if lower > limits.width:
            continue
        alone = (split == first + 1 and words[first].spaced) or (split == last - 1 and words[split - 1].spaced)
        cost = 2 + 14 * abs(upper - lower) / limits.width + 0.4 * words[split - 1].cost + 60 * alone
        if best is None or cost < best[0]:
            best = (cost, split)
    return best


def _cost(words: Sequence[Token], first: int, last: int, width: int, limits: Limits) -> float:
    """What it costs to show words ``first`` .. ``last - 1`` as one cue, its lines apart."""
    begin, finish = words[first].begin, words[last - 1].finish
    following = words[last].begin if last < len(words) else finish + round(limits.linger * SAMPLE_RATE)
    pause = (following - finish) / SAMPLE_RATE
    seconds = (finish - begin) / SAMPLE_RATE + min(pause, limits.linger)
    cost = 12.0 + words[last - 1].cost
    if seconds < limits.shortest:
        cost += 40 * (limits.shortest - seconds) / limits.shortest
    if seconds > limits.longest:
        cost += 40 * (seconds - limits.longest)
    rate = width / max(seconds, 0.05)
    if rate > limits.rate:
        cost += 40 * (rate / limits.rate - 1)
    sentence = words[first].clip
    if last - first == 1 and words[first].spaced:
        whole = (first == 0 or words[first - 1].clip != sentence) and (
            last == len(words) or words[last].clip != sentence
        )
        cost += 8 if whole else 80
    for place in range(first, last - 1):
        if words[place].clip != words[place + 1].clip:
            gap = (words[place + 1].begin - words[place].finish) / SAMPLE_RATE
            cost += 14 + (60 * (gap - limits.join) if gap > limits.join else 0)
            # joining is for short whole sentences, not for a sentence's rest with the next one's beginning
            cost += 30 * (first > 0 and words[first - 1].clip == words[first].clip)
            cost += 30 * (last < len(words) and words[last].clip == words[last - 1].clip)
    return cost
