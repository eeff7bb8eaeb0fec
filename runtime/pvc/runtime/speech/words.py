"""From marks to words: every caption word gets a time, in order, also where the engine merged or dropped some."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, pairwise

from pvc.compiler.model.speech import Word
from pvc.runtime.speech.ssml import Token


def place_words(tokens: tuple[Token, ...], heard: Mapping[int, int], length: int) -> tuple[Word, ...]:
    """Words with begin and finish in samples of a clip of ``length``.

    ``heard`` maps a token's index to the sample of its mark. Tokens without one, or that share the sample of the next
    (an engine speaks "of the" as one), share the time up to the next known begin in proportion to their letters.
    """
    if not tokens:
        return ()
    known: list[tuple[int, int]] = [(0, min(heard.get(0, 0), length))]
    for index in range(1, len(tokens)):
        begin = heard.get(index)
        # "of the cat" arrives as of=10, the=20, cat=20: the mark of a merged word comes with the word after it.
        if begin is not None and begin != heard.get(index + 1) and known[-1][1] < begin <= length:
            known.append((index, begin))
    known.append((len(tokens), length))
    edges: list[int] = []
    for (index, begin), (stop, finish) in pairwise(known):
        weights = [token.end - token.start for token in tokens[index:stop]]
        done = [0, *accumulate(weights)]
        edges.extend(begin + (finish - begin) * before // done[-1] for before in done[:-1])
    edges.append(length)
    return tuple(Word(token.start, token.end, edges[index], edges[index + 1]) for index, token in enumerate(tokens))
