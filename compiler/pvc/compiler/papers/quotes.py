"""Whether a paper says what a claim quotes.

Two texts are the same here if their letters and digits are, in order and without regard to case, ligatures, accents'
encoding, quotes, hyphens, line breaks and white space. A match begins and ends at the edge of a word. `...` in a quote
stands for words left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pvc.compiler.papers.paper import REFERENCE, Paper

FARTHEST = 1_500
"""Characters that `...` may stand for."""

_GAP = re.compile(r"\s*(?:\[\s*(?:\.{3}|…)\s*\]|\.{3}|…)\s*")


@dataclass(frozen=True, slots=True)
class Letters:
    """A text's letters and digits; ``at[i]`` is where the i-th stands in the text."""

    letters: str
    at: tuple[int, ...]


def normalise(text: str) -> Letters:
    """The letters and digits of a text, folded; a decimal point between digits stays."""
    out: list[str] = []
    at: list[int] = []
    length = len(text)
    for index, character in enumerate(text):
        if character.isalnum():
            folded = (
                unicodedata.normalize("NFKC", character).casefold() if not character.isascii() else character.lower()
            )
            for piece in unicodedata.normalize("NFKD", folded) if not folded.isascii() else folded:
                if piece.isalnum():
                    out.append(piece)
                    at.append(index)
        elif character == REFERENCE or (
            character == "." and 0 < index < length - 1 and text[index - 1].isdigit() and text[index + 1].isdigit()
        ):
            out.append(character)
            at.append(index)
    return Letters("".join(out), tuple(at))


@lru_cache(maxsize=8)
def _paper_letters(text: str) -> Letters:
    return normalise(text)


def _edges(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` begins and ends at the edge of a word."""
    before = start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
    after = end >= len(text) or not (text[end - 1].isalnum() and text[end].isalnum())
    return before and after


def _places(text: str, letters: Letters, wanted: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = letters.letters.find(wanted)
    while at >= 0 and len(found) < 50:
        start, end = letters.at[at], letters.at[at + len(wanted) - 1] + 1
        if _edges(text, start, end):
            found.append((start, end))
        at = letters.letters.find(wanted, at + 1)
    if not found and REFERENCE in letters.letters:
        pattern = re.compile(
            re.sub(r"\d+", lambda number: f"(?:{re.escape(number.group())}|{REFERENCE})", re.escape(wanted))
        )
        for match in pattern.finditer(letters.letters):
            start, end = letters.at[match.start()], letters.at[match.end() - 1] + 1
            if _edges(text, start, end):
                found.append((start, end))
    return found


def find_quote(paper: Paper, quote: str) -> list[tuple[int, int]]:
    """Where a quote stands in the paper's text, as ranges of it; none where it does not."""
    return find_in(paper.text, quote)


def find_in(text: str, quote: str) -> list[tuple[int, int]]:
    """As `find_quote`, in any text. A quote may be written in TeX."""
    if "\\" in quote or "$" in quote:
        from pvc.compiler.papers.tex import plain

        quote = plain(quote)
    letters = _paper_letters(text)
    pieces = [normalise(piece).letters for piece in _GAP.split(quote)]
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return []
    found = _places(text, letters, pieces[0])
    for piece in pieces[1:]:
        following = _places(text, letters, piece)
        found = [
            (start, next(later_end for later, later_end in following if end <= later <= end + FARTHEST))
            for start, end in found
            if any(end <= later <= end + FARTHEST for later, _ in following)
        ]
    return found


_WORD = re.compile(r"\S+")


def nearest_quote(paper: Paper, quote: str) -> str | None:
    """The passage of as many words that shares most with a quote that is not there; None where nothing is near."""
    wanted = [normalise(word).letters for word in _WORD.findall(quote)]
    wanted = [word for word in wanted if word]
    if not wanted:
        return None
    spans = [(found.start(), found.end()) for found in _WORD.finditer(paper.text)]
    words = [normalise(paper.text[start:end]).letters for start, end in spans]
    size = len(wanted)
    bag: dict[str, int] = {}
    for word in wanted:
        bag[word] = bag.get(word, 0) + 1
    best, best_at = 0, -1
    window: dict[str, int] = {}
    score = 0
    for index, word in enumerate(words):
        if word in bag:
            window[word] = window.get(word, 0) + 1
            score += window[word] <= bag[word]
        if index >= size:
            left = words[index - size]
            if left in bag:
                score -= window[left] <= bag[left]
                window[left] -= 1
        if score > best:
            best, best_at = score, index
    if best_at < 0 or best * 2 < size:
        return None
    start, end = max(0, best_at - size + 1), best_at
    if words[start] not in bag:  # the window was full before its first words
        while start < end and words[start] not in bag:
            start += 1
    passage = " ".join(paper.text[spans[start][0] : spans[end][1]].split())
    return passage.strip(" ,;:.()").replace(REFERENCE, "...")


# ------------------------------------------------------------------------------------------------ faithfulness

_NUMBER = re.compile(r"(?<![\w.])[+\-−]?\d[\d,]*(?:\.\d+)?(?![\w])")
_SPELT_OUT = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_WORDS = {word: str(value) for value, word in enumerate(_SPELT_OUT.split(" "))}
_NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|nor|neither|without|cannot|hardly|barely|fails? to|failed to|unable|lacks?)\b|n['’]t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a claim may not follow from its quote."""

    code: str
    message: str
    hint: str


def numbers(text: str) -> set[str]:
    """The numbers in a text in one spelling: digits, and the words up to twenty."""
    found = {_spelt(each.group()) for each in _NUMBER.finditer(text)}
    found |= {_WORDS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _WORDS}
    return found


def _spelt(number: str) -> str:
    number = number.replace(",", "").replace("−", "-").lstrip("+-")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    whole, point, rest = number.partition(".")
    return (whole.lstrip("0") or "0") + point + rest


def sentence(text: str, start: int, end: int) -> str:
    """``text[start:end]`` with the rest of the sentences that it is part of."""
    first = max((found.end() for found in re.finditer(r"[.!?]\s+|\n\n", text[max(0, start - 2000) : start])), default=0)
    last = re.search(r"[.!?](?:\s|$)|\n\n", text[end:])
    return text[max(0, start - 2000) + first : len(text) if last is None else end + last.end()]


def mismatch(claim: str, text: str, start: int, end: int) -> list[Doubt]:
    """What a claim says that its passage ``text[start:end]`` does not: numbers, and a negation on one side only (a
    negation may also stand in the rest of the passage's sentence)."""
    found: list[Doubt] = []
    passage = text[start:end]
    written = {_spelt(each.group()) for each in _NUMBER.finditer(claim)}
    beyond = sorted(written - numbers(passage) - {_percent(number) for number in numbers(passage)})
    if beyond and REFERENCE not in passage:
        verb = "is" if len(beyond) == 1 else "are"
        found.append(
            Doubt(
                "PVC0605",
                f"{', '.join(beyond)} {verb} in the claim but not in the words quoted",
                "quote the words that hold the number",
            )
        )
    here, there = len(_NEGATIONS.findall(claim)), len(_NEGATIONS.findall(passage))
    around = len(_NEGATIONS.findall(sentence(text, start, end)))
    if here % 2 not in (there % 2, around % 2):
        side = "the claim denies, its quote does not" if here > there else "the quote denies, the claim does not"
        found.append(
            Doubt("PVC0606", f"{side}: do both say the same?", "reword the claim, or quote the words that it rests on")
        )
    return found


def _percent(number: str) -> str:
    """0.93 said as 93 (percent)."""
    try:
        return _spelt(f"{float(number) * 100:g}")
    except ValueError:
        return number
