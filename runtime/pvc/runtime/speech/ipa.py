"""The international phonetic alphabet in espeak-ng's own letters (its `docs/phonemes.md`), for `<phoneme 'ipa'>`.

Sounds that espeak-ng has no letter for are left out; what is left is spoken.
"""

from __future__ import annotations

_SOUNDS = {
    # two letters of the alphabet that are one sound
    "tʃ": "tS",
    "dʒ": "dZ",
    "eɪ": "eI",
    "aɪ": "aI",
    "ɔɪ": "OI",
    "aʊ": "aU",
    "oʊ": "oU",
    "əʊ": "oU",
    "ɪə": "i@",
    "eə": "e@",
    "ʊə": "U@",
    "ɑː": "A:",
    "ɔː": "O:",
    "ɜː": "3:",
    "iː": "i:",
    "uː": "u:",
    "aː": "a:",
    "eː": "e:",
    "oː": "o:",
    "yː": "y:",
    "øː": "Y:",
    "ɛː": "E:",
    "ɝː": "3:",
    # vowels
    "ɑ": "A:",
    "a": "a",
    "æ": "a",
    "ʌ": "V",
    "ɐ": "V",
    "ɔ": "O",
    "ɒ": "0",
    "ə": "@",
    "ɚ": "3",
    "ɜ": "3:",
    "ɝ": "3:",
    "ɛ": "E",
    "e": "e",
    "ɪ": "I",
    "i": "i",
    "ʊ": "U",
    "u": "u",
    "o": "o",
    "y": "y",
    "ø": "Y",
    "œ": "W",
    "ʏ": "y",
    # consonants
    **{letter: letter for letter in "pbtdkgfvszhmnljwx"},
    "ɡ": "g",
    "θ": "T",
    "ð": "D",
    "ʃ": "S",
    "ʒ": "Z",
    "ŋ": "N",
    "ɹ": "r",
    "r": "r",
    "ʁ": "r",
    "ç": "C",
    "ʔ": "?",
    "ɲ": "n^",
    "ʎ": "l^",
    "ɾ": "t#",
    "ɫ": "l",
    "ʍ": "w",
    "ɦ": "h",
    # stress, and the pause between words
    "ˈ": "'",
    "'": "'",
    "ˌ": ",",
    " ": "_:_",
}
_LONGEST = max(map(len, _SOUNDS))


def mnemonics(ipa: str) -> str:
    """A transcription in espeak-ng's letters; empty where it has none of the sounds."""
    found: list[str] = []
    at = 0
    while at < len(ipa):
        size = next((size for size in range(_LONGEST, 0, -1) if ipa[at : at + size] in _SOUNDS), 0)
        if size:
            found.append(_SOUNDS[ipa[at : at + size]])
        at += size or 1
    return "".join(found)
