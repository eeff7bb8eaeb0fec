"""The markup of a narration by numbers: how long, how high, how loud what espeak-ng makes of it is, word by word."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from pvc.compiler.model.program import SpeechMark, Voice
from pvc.compiler.model.speech import Utterance
from pvc.compiler.plan.narration import pause_seconds
from pvc.runtime.speech.espeak import EspeakEngine
from pvc.runtime.speech.interface import Speech
from pvc.runtime.speech.ipa import mnemonics

VOICED = "Only the many long low lying meadows along a river remain."
ADA = Voice("ada", "espeak", (("voice", "en-us"),))


@pytest.fixture(scope="module")
def espeak() -> Iterator[EspeakEngine]:
    engine = EspeakEngine()
    yield engine
    engine.close()


def said(engine: EspeakEngine, *marks: SpeechMark, text: str = VOICED, voice: Voice = ADA) -> Speech:
    return engine.synthesize(Utterance(text, (), marks, voice, "en"))


def everywhere(kind: str, value: str, text: str = VOICED) -> SpeechMark:
    return SpeechMark(kind, 0, len(text), value)


def height(speech: Speech) -> float:
    """The median fundamental in Hz, by autocorrelation of 50 ms windows."""
    found = []
    for at in range(0, speech.samples.size - 2400, 1200):
        window = speech.samples[at : at + 2400].astype(float)
        if np.sqrt(np.mean(window**2)) < 0.02:
            continue
        answer = np.correlate(window - window.mean(), window - window.mean(), "full")[2399:]
        lag = 120 + int(answer[120:800].argmax())
        if answer[lag] > 0.5 * answer[0]:
            found.append(48_000 / lag)
    return float(np.median(found))


def loudness(speech: Speech) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(speech.samples.astype(float) ** 2))))


@pytest.mark.parametrize("value", ["300ms", "1s", "none", "weak", "medium", "strong"])
def test_a_break_is_as_long_as_it_says(espeak: EspeakEngine, value: str) -> None:
    at = VOICED.index("meadows")
    none, paused = (said(espeak, SpeechMark("break", at, at, each)) for each in ("none", value))
    longer = (paused.samples.size - none.samples.size) / 48_000
    assert longer == pytest.approx(float(pause_seconds(value)), abs=0.015)
    word = next(number for number, each in enumerate(none.words) if each.start == at)
    moved = [(b.begin - a.begin) / 48_000 for a, b in zip(none.words, paused.words, strict=True)]
    assert all(abs(each) < 0.005 for each in moved[:word]), "what is before stays"
    assert all(abs(each - longer) < 0.02 for each in moved[word:]), "what is behind comes later by just that"


@pytest.mark.parametrize(("value", "factor"), [("80%", 1.25), ("150%", 0.67), ("+20%", 0.83), ("slow", 1.25)])
def test_a_rate_changes_how_long_it_takes(espeak: EspeakEngine, value: str, factor: float) -> None:
    usual, changed = said(espeak), said(espeak, everywhere("rate", value))
    assert changed.samples.size / usual.samples.size == pytest.approx(factor, rel=0.12)
    half = len(VOICED) // 2
    half = VOICED.index(" ", half) + 1
    partly = said(espeak, SpeechMark("rate", half, len(VOICED), value))
    first = [each for each in partly.words if each.start < half - 10]
    before = [each for each in usual.words if each.start < half - 10]
    for one, other in zip(first, before, strict=True):
        assert abs((one.finish - one.begin) - (other.finish - other.begin)) < 48 * 60, "only what is marked"


@pytest.mark.parametrize("semitones", [-7, -5, -2, 2, 5, 7])
def test_a_pitch_is_higher_by_so_many_semitones(espeak: EspeakEngine, semitones: int) -> None:
    usual = height(said(espeak, everywhere("pitch", "+0%")))
    marked = height(said(espeak, everywhere("pitch", f"{semitones:+}st")))
    assert 12 * math.log2(marked / usual) == pytest.approx(semitones, abs=1.6)
    voice = Voice("ada", "espeak", (("voice", "en-us"),), pitch=Fraction(semitones))
    spoken = height(said(espeak, voice=voice))
    assert 12 * math.log2(spoken / height(said(espeak))) == pytest.approx(semitones, abs=1.6)


@pytest.mark.parametrize(("value", "decibels"), [("-6dB", -6), ("-12dB", -12), ("+3dB", 3), ("50%", -6)])
def test_a_volume_is_in_decibels(espeak: EspeakEngine, value: str, decibels: float) -> None:
    assert loudness(said(espeak, everywhere("volume", value))) - loudness(said(espeak)) == pytest.approx(
        decibels, abs=1.2
    )


def test_emphasis_is_heard(espeak: EspeakEngine) -> None:
    start = VOICED.index("low")
    mark = SpeechMark("emphasis", start, start + 3, "strong")
    usual, strong = said(espeak), said(espeak, mark)
    word = next(number for number, each in enumerate(usual.words) if each.start == start)

    def energy(speech: Speech) -> float:
        each = speech.words[word]
        return float(np.sqrt(np.mean(speech.samples[each.begin : each.finish].astype(float) ** 2)))

    assert energy(strong) > 1.05 * energy(usual)


def test_sounds_are_said_instead_of_letters(espeak: EspeakEngine) -> None:
    text = "The river remains."
    start = text.index("river")
    whole = said(espeak, text=text)
    same = said(espeak, SpeechMark("phoneme", start, start + 5, "ˈɹɪvɚ"), text=text)
    other = said(espeak, SpeechMark("phoneme", start, start + 5, "ˌɛləˈmɛntəɹi"), text=text)
    assert abs(same.samples.size - whole.samples.size) < 48 * 60
    assert other.samples.size > whole.samples.size + 48 * 100
    assert [text[each.start : each.end] for each in other.words] == text.split(), "captions and times stay by words"
    longer = other.words[1].finish - other.words[1].begin - (whole.words[1].finish - whole.words[1].begin)
    assert longer > 48 * 80, "the sounds are the word's"


@pytest.mark.parametrize(
    ("ipa", "letters"),
    [("ˈdætə", "'dat@"), ("tʃiːz", "tSi:z"), ("ˈʃɛdjuːl", "'SEdju:l"), ("☃", ""), ("ˈmyːʁ", "'my:r")],
)
def test_the_alphabet(ipa: str, letters: str) -> None:
    assert mnemonics(ipa) == letters


def test_brackets_are_not_sounds(espeak: EspeakEngine) -> None:
    assert np.array_equal(
        said(espeak, text="A list [[one]] here.").samples, said(espeak, text="A list [ [one]] here.").samples
    )
