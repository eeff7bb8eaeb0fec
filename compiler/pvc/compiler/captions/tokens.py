"""The pieces of text between which a caption may break, how wide each is, and how good a break behind it reads.

Pieces are words as spaces divide them. Scripts that put no spaces between words (Chinese, Japanese, Thai, Lao, Khmer,
Burmese) break between characters, never before a closing mark or behind an opening one. A word longer than a line is
cut. Nothing is added, dropped or reordered: text in right-to-left scripts stays in the order of reading, as players
want it.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from pvc.compiler.model.speech import Clip

SENTENCE, CLAUSE, BEFORE_LINK, PLAIN, SHORT, BAD = 0, 5, 9, 16, 26, 40
"""What a break costs: at a sentence's end, behind a comma, before a conjunction or preposition, anywhere, behind a word
that leans on the next one (any very short word; an article)."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LINKS = _words(
    """
    and or but nor so yet because since although though while whereas if unless until when whenever where which who
    whom whose that than as after before for from in into of on onto over through to toward towards under with within
    without between among against about by per via
    und oder aber denn sondern weil dass daß wenn als ob obwohl während damit der die das welche mit von für auf in an
    et ou mais car donc que qui dont quand lorsque parce pour par avec dans sur sous sans chez
    y o pero porque cuando que quien como para por con sin sobre entre
    e ma perché quando che con per di da su tra fra
    """
)
"""Conjunctions and prepositions (English, German, French, Spanish, Italian): a phrase begins with them."""
_LEANING = _words(
    """
    a an the this that these those my your his her its our their of in on at to for from with by as and or but nor no
    not is are was were be been am i we you he she it they will would can could may might must shall should do does did
    has have had very more most less than if so into per dr mr mrs prof fig eq
    der die das den dem des ein eine einen einem einer im am zu zum zur von vom und oder mit auf für ist sind war nicht
    le la les l un une des du de d à au aux et ou en est sont il elle ne pas
    el los las una unos unas del al y o es son no se
    il lo gli i uno dei della di da e
    """
)
"""Words that belong to the one behind them."""
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x303F),  # CJK radicals and marks
    (0x3040, 0x30FF),  # kana
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF00, 0xFF60),  # full-width forms
    (0x20000, 0x3FFFF),
)
_STAYS_BEHIND = frozenset("、。，．：；？！）］｝」』】〉》〕・ー々ゝゞぁぃぅぇぉっゃゅょァィゥェォッャュョ…‥ๆฯ")
_STAYS_BEFORE = frozenset("（［｛「『【〈《〔")


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` with ``spaced`` after it; heard over ``[begin, finish)`` samples of the talk; ``width`` in columns;
    ``cost`` of ending a line or a caption behind it; ``clip`` counts the clips of the talk."""

    text: str
    spaced: bool
    begin: int
    finish: int
    width: int
    cost: int
    clip: int


def width(text: str) -> int:
    """Columns: wide East Asian characters take two, combining and invisible ones none."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def tokens(clip: Clip, at: int, number: int, longest: int) -> list[Token]:
    """A clip's tokens with times in samples of the talk, the clip starting at sample ``at``; no token is wider than
    ``longest`` columns."""
    text = clip.utterance.text
    pieces = list(_pieces(text, longest))
    times = _times(clip, [(start, end) for start, end, _ in pieces])
    made = []
    for place, ((start, end, spaced), (begin, finish)) in enumerate(zip(pieces, times, strict=True)):
        last = place + 1 == len(pieces)
        following = "" if last else text[pieces[place + 1][0] : pieces[place + 1][1]]
        word = text[start:end]
        cost = SENTENCE if last else _cost(word, following, spaced)
        if last:
            spaced = not _unspaced(word[-1])
        made.append(Token(word, spaced, at + begin, at + finish, width(word), cost, number))
    return made


def _pieces(text: str, longest: int) -> list[tuple[int, int, bool]]:
    """(start, end, whether a space follows) of each token."""
    found: list[tuple[int, int, bool]] = []
    start = 0
    while start < len(text):
        if text[start].isspace():
            start += 1
            continue
        end = start
        while end < len(text) and not text[end].isspace():
            end += 1
        cuts = [start, *_cuts(text, start, end, longest), end]
        found.extend((a, b, b == end) for a, b in pairwise(cuts))
        start = end
    return found


def _cuts(text: str, start: int, end: int, longest: int) -> list[int]:
    """Where a run without spaces may be cut."""
    cuts = []
    columns = 0
    for place in range(start, end):
        character = text[place]
        wide = _columns(character)
        if place > start and wide:
            before = text[place - 1]
            free = (_unspaced(character) or _unspaced(before)) and not (
                character in _STAYS_BEHIND or before in _STAYS_BEFORE
            )
            if free or columns + wide > longest:
                cuts.append(place)
                columns = 0
        columns += wide
    return cuts


def _unspaced(character: str) -> bool:
    code = ord(character)
    return code >= 0x0E00 and any(low <= code <= high for low, high in _UNSPACED)


def _bare(word: str) -> str:
    return word.strip("\"'“”‘’«»()[]{}.,;:!?…—–-").lower()


def _cost(word: str, following: str, spaced: bool) -> int:
    end = word.rstrip("\"'”’»)]}」』】）")[-1:] or word[-1:]
    if end in ".!?…。！？؟۔।":
        return SENTENCE + 1
    if end in ",;:—–、，；：؛،" or following[:1] in "—–(":
        return CLAUSE
    if not spaced:
        return PLAIN if _unspaced(word[-1]) else BAD
    bare = _bare(word)
    if bare in _LEANING or (bare.isdigit() and len(following) <= 3):
        return BAD
    if _bare(following) in _LINKS:
        return BEFORE_LINK
    return SHORT if len(bare) <= 2 else PLAIN


def _times(clip: Clip, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """When each range of the text is heard: from the words in it; what no word covers shares the time between its
    neighbours in proportion to its characters."""
    total = clip.timing.samples
    words = sorted(clip.timing.words, key=lambda word: (word.start, word.begin))
    starts = [word.start for word in words]
    ends: list[int] = []
    for word in words:
        ends.append(max(word.end, ends[-1] if ends else 0))
    known: list[tuple[int, int] | None] = []
    for start, end in ranges:
        first = bisect_left(ends, start + 1)
        heard = [word for word in words[first : bisect_left(starts, end)] if word.end > start]
        if not heard:
            known.append(None)
            continue
        begin, finish = 0, 0
        shares = []
        for word in heard:  # a word may span several ranges (scripts without spaces): take its share
            length = max(1, word.end - word.start)
            low = max(0, start - word.start) / length
            high = min(length, end - word.start) / length
            span = word.finish - word.begin
            shares.append((word.begin + round(low * span), word.begin + round(high * span)))
        begin, finish = min(low for low, _ in shares), max(high for _, high in shares)
        known.append((begin, finish))
    return _filled(known, ranges, total)


def _filled(known: list[tuple[int, int] | None], ranges: list[tuple[int, int]], total: int) -> list[tuple[int, int]]:
    filled: list[tuple[int, int]] = []
    at = 0
    place = 0
    while place < len(known):
        times = known[place]
        if times is not None:
            begin = min(max(at, times[0]), total)
            at = min(max(begin, times[1]), total)
            filled.append((begin, at))
            place += 1
            continue
        last = place
        while last < len(known) and known[last] is None:
            last += 1
        following = known[last] if last < len(known) else None
        until = max(at, min(total, following[0] if following is not None else total))
        lengths = [end - start for start, end in ranges[place:last]]
        begin, done = at, 0
        for length in lengths:
            done += length
            finish = begin + (until - begin) * done // sum(lengths)
            filled.append((at, finish))
            at = finish
        place = last
    return filled
