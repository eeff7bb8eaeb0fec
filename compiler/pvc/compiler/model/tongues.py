"""Languages that the embedded voice, espeak-ng, can speak, and what it calls them."""

from __future__ import annotations

import re
from dataclasses import replace

from pvc.compiler.model.program import Voice

_TAGS = """
af am an ar as az ba be bg bn bpy bs ca ca-ba ca-nw ca-va chr chr-us-qaaa-x-west cmn cmn-latn-pinyin cs cv cy da de
el en en-029 en-gb en-gb-scotland en-gb-x-gbclan en-gb-x-gbcwmd en-gb-x-rp en-shaw en-us en-us-nyc eo es es-419 et
eu fa fa-latn fi fo fr fr-be fr-ch fr-fr ga gd gn grc gu hak haw he hi hr ht hu hy hyw ia id io is it ja jbo ka kaa
kk kl kn ko kok ku ky la lb lfn lt ltg lv mi mk ml mr ms mt mto my nb nci ne nl nog om or pa pap piqd pl pt pt-br
py qdb qu quc qya ro ru ru-cl ru-lv sd shn si sjn sk sl smj sq sr sv sw ta te th ti tk tn tr tt ug uk ur uz vi
vi-vn-x-central vi-vn-x-south xex yue yue-latn-jyutping
"""
VOICES = frozenset(_TAGS.split())
"""Voices of espeak-ng by their language tags, in lower case; `tests/speech` holds them against the library."""

KNOWN_AS = {
    "en": "en-us",
    **dict.fromkeys(("en-au", "en-ie", "en-in", "en-nz", "en-za"), "en-gb"),
    "in": "id",
    "iw": "he",
    "nn": "nb",
    "no": "nb",
    "sh": "hr",
    "zh": "cmn",
    **dict.fromkeys(("zh-hk", "zh-mo", "zh-hant-hk"), "yue"),
}
"""Languages that the engine has under another tag, or only a near relative of: withdrawn codes, macrolanguages, and
Englishes that are nearer to the British one."""

TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]+)*")
"""How a voice of espeak-ng is called by its language, in lower case."""


def spoken_as(language: str) -> tuple[str, ...]:
    """What espeak-ng may call a language by its BCP 47 tag, the nearest first: the tag and what remains of it as its
    last part goes (the lookup of RFC 4647), each as the engine knows it where that is another name."""
    parts = language.replace("_", "-").lower().split("-")
    tags = ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
    return tuple(dict.fromkeys(name for tag in tags for name in (KNOWN_AS.get(tag, tag), tag)))


def speaks(voice: Voice, language: str) -> bool:
    """Whether a voice can speak a language, as far as that is known here: one of espeak-ng that is not chosen by name
    is the one for the language."""
    named = dict(voice.parameters).get("voice")
    return voice.engine != "espeak" or bool(named) or any(name in VOICES for name in spoken_as(language))


def in_language(voice: Voice, language: str) -> Voice:
    """The voice for one sentence in another language: of espeak-ng, which has a voice for each, the one for that
    language with the same rate and pitch; any other as it is."""
    named = dict(voice.parameters).get("voice")
    if voice.engine != "espeak" or not isinstance(named, str) or not TAG.fullmatch(named.lower()):
        return voice
    if named.lower().partition("-")[0] in {name.partition("-")[0] for name in spoken_as(language)}:
        return voice
    rest = tuple(each for each in voice.parameters if each[0] != "voice")
    return replace(voice, parameters=rest)
