"""The embedded voice, for real: exact, repeatable, and honest about when each word was heard."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pvc.compiler.model.program import SpeechMark, Voice
from pvc.compiler.model.speech import Utterance
from pvc.compiler.model.tongues import VOICES, in_language
from pvc.runtime.errors import EngineError
from pvc.runtime.speech.espeak import EspeakEngine

ADA = Voice("ada", "espeak")
SENTENCE = "Every query is compared with every key, giving one score per pair of the tokens."


@pytest.fixture(scope="module")
def espeak() -> Iterator[EspeakEngine]:
    engine = EspeakEngine()
    yield engine
    engine.close()


def said(text: str, *marks: SpeechMark, spoken: tuple[tuple[int, int, str], ...] = (), voice: Voice = ADA) -> Utterance:
    return Utterance(text, spoken, marks, voice, "en")


def test_a_sentence_is_speech_and_not_silence(espeak: EspeakEngine) -> None:
    speech = espeak.synthesize(said(SENTENCE))
    assert 3.5 < speech.samples.size / 48_000 < 7
    assert speech.samples.dtype == np.float32
    assert 0.05 < float(np.sqrt(np.mean(speech.samples**2))) < 0.5
    assert not speech.estimated


def test_the_same_sentence_has_the_same_samples_in_any_order_and_process(espeak: EspeakEngine) -> None:
    first = espeak.synthesize(said(SENTENCE))
    espeak.synthesize(said("Something else entirely, in between."))
    other = EspeakEngine()
    try:
        for again in (espeak.synthesize(said(SENTENCE)), other.synthesize(said(SENTENCE))):
            assert np.array_equal(first.samples, again.samples)
            assert first.words == again.words
    finally:
        other.close()


@pytest.mark.parametrize(
    ("tag", "like"),
    [
        ("de-AT", "de"),
        ("de-CH-1996", "de"),
        ("pt-PT", "pt"),
        ("es-MX", "es"),
        ("sr-Latn", "sr"),
        ("zh", "cmn"),
        ("zh-Hans-CN", "cmn"),
        ("zh-HK", "yue"),
        ("no", "nb"),
        ("iw", "he"),
        ("en-AU", "en-GB"),
        ("en-CA", "en-US"),
    ],
)
def test_a_language_without_a_voice_of_its_own_has_that_of_the_nearest(
    espeak: EspeakEngine, tag: str, like: str
) -> None:
    spoken = [espeak.synthesize(Utterance("Nr. 1: alpha, beta.", (), (), ADA, one)).samples for one in (tag, like)]
    assert spoken[0].size > 10_000
    assert np.array_equal(*spoken)


def test_a_language_that_nobody_speaks_is_named_in_the_error(espeak: EspeakEngine) -> None:
    with pytest.raises(EngineError, match="no voice 'xx-yy'"):
        espeak.synthesize(Utterance("Hello.", (), (), ADA, "xx-YY"))


def test_every_word_of_the_caption_has_a_time_in_order(espeak: EspeakEngine) -> None:
    speech = espeak.synthesize(said(SENTENCE))
    assert [SENTENCE[word.start : word.end] for word in speech.words] == SENTENCE.split()
    edges = [speech.words[0].begin, *(word.finish for word in speech.words)]
    assert edges == sorted(edges)
    assert all(word.begin < word.finish for word in speech.words)
    assert speech.words[-1].finish == speech.samples.size


def test_a_word_begins_where_its_sound_begins(espeak: EspeakEngine) -> None:
    """A break before a word is silence in the samples, and the word's begin is at the end of that silence."""
    text = "First comes quiet then sound."
    at = text.index("then")
    speech = espeak.synthesize(said(text, SpeechMark("break", at, at, "900ms")))
    begin = next(word.begin for word in speech.words if text[word.start : word.end] == "then")
    before = speech.samples[begin - int(0.5 * 48_000) : begin - int(0.03 * 48_000)]
    after = speech.samples[begin : begin + int(0.12 * 48_000)]
    assert np.abs(before).max() < 0.01
    assert np.abs(after).max() > 0.05


def test_what_is_said_may_differ_from_what_is_written(espeak: EspeakEngine) -> None:
    text = "The SGD score rose."
    written = espeak.synthesize(said(text))
    start = text.index("SGD")
    pieces = ((0, start, text[:start]), (start, start + 3, "gradient"), (start + 3, len(text), text[start + 3 :]))
    spoken = espeak.synthesize(said(text, spoken=pieces))
    plain = espeak.synthesize(said("The gradient score rose."))
    assert np.array_equal(spoken.samples, plain.samples)
    assert not np.array_equal(spoken.samples, written.samples)
    assert [text[word.start : word.end] for word in spoken.words] == text.split()


def test_rate_and_ssml_elements_are_heard(espeak: EspeakEngine) -> None:
    usual = espeak.synthesize(said(SENTENCE)).samples.size
    fast = espeak.synthesize(said(SENTENCE, voice=Voice("ada", "espeak", rate=Fraction(3, 2))))
    assert fast.samples.size < 0.8 * usual
    slow = espeak.synthesize(said(SENTENCE, SpeechMark("rate", 0, len(SENTENCE), "60%")))
    assert slow.samples.size > 1.2 * usual


@pytest.mark.parametrize(
    "text",
    [
        "“Quoted,” she said — and left…",
        "A & B < C > D \"quoted\" 'single'",
        "x",
        "1,234.5 and 3.14 and 10^6",
        "…",
        "Der Schlüssel — größer.",
        "مرحبا بالعالم",
    ],
)
def test_hard_texts_are_spoken_or_silent_but_never_fail(espeak: EspeakEngine, text: str) -> None:
    speech = espeak.synthesize(said(text))
    assert np.isfinite(speech.samples).all()
    words = [text[word.start : word.end] for word in speech.words]
    assert words == [token for token in text.split() if any(character.isalnum() for character in token)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_any_text_gives_words_inside_the_clip(espeak: EspeakEngine, text: str) -> None:
    speech = espeak.synthesize(said(text))
    edges = [edge for word in speech.words for edge in (word.begin, word.finish)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= speech.samples.size for edge in edges)


def test_an_unknown_voice_is_named_with_what_there_is(espeak: EspeakEngine) -> None:
    with pytest.raises(EngineError) as caught:
        espeak.synthesize(said("Hello.", voice=Voice("x", "espeak", (("voice", "en-nowhere"),))))
    assert caught.value.code == "PVC0803"
    assert "en-gb" in (caught.value.hint or "")


def test_what_the_compiler_believes_to_be_spoken_is_what_the_library_has() -> None:
    """In a process of its own: choosing voices leaves the library in a state."""
    script = """
import ctypes, json, sys
from pathlib import PurePosixPath
from pvc.runtime.speech.espeak_process import _choose, _load
library, _ = _load()
listed = library.espeak_ListVoices(None)
index, names = 0, set()
while listed[index]:
    voice = listed[index].contents
    names |= {voice.languages[1:].decode().lower(), PurePosixPath(voice.identifier.decode()).name.lower()}
    index += 1
unknown = [name for name in json.loads(sys.argv[1]) if not _choose(library, name)]
print(json.dumps([sorted(names), unknown]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(sorted(VOICES))], capture_output=True, check=True, text=True
    )
    names, unknown = json.loads(done.stdout)
    assert names == sorted(VOICES)
    assert unknown in ([], ["chr-us-qaaa-x-west"])  # the library knows it as `chr`, which `spoken_as` falls back on


def test_a_sentence_in_another_language_is_said_by_a_voice_for_it() -> None:
    ada = Voice("ada", "espeak", (("voice", "en-us"), ("variant", "f3")), Fraction(3, 4))
    assert in_language(ada, "de") == replace(ada, parameters=(("variant", "f3"),))
    assert in_language(ada, "en-GB") is ada
    mandarin = replace(ada, parameters=(("voice", "cmn"),))
    assert in_language(mandarin, "zh") is mandarin
    anna = Voice("anna", "piper", (("model", "de_DE-thorsten-low"),))
    assert in_language(anna, "fr") is anna


@pytest.mark.parametrize("name", ["en-gb", "en-gb+f3", "EN-GB", "fr-fr", "de", "en-us"])
def test_a_voice_is_found_by_its_language_tag(espeak: EspeakEngine, name: str) -> None:
    speech = espeak.synthesize(said("Hello.", voice=Voice("x", "espeak", (("voice", name),))))
    assert speech.samples.size > 0


def test_threads_speak_side_by_side(espeak: EspeakEngine) -> None:
    alone = espeak.synthesize(said(SENTENCE)).samples
    heard: list[bool] = []

    def speak() -> None:
        heard.append(np.array_equal(espeak.synthesize(said(SENTENCE)).samples, alone))

    threads = [threading.Thread(target=speak) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert heard == [True, True, True]


def test_a_child_that_was_killed_is_replaced() -> None:
    engine = EspeakEngine()
    try:
        first = engine.synthesize(said("Hello there."))
        for process in list(engine._child._all):
            process.kill()
            process.wait()
        assert np.array_equal(engine.synthesize(said("Hello there.")).samples, first.samples)
    finally:
        engine.close()
