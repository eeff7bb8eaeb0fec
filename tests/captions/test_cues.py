"""Laws of captions: the script's own words, readable, in time; and the formats that carry them."""

from __future__ import annotations

import html
import io
import re
from fractions import Fraction

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pace import in_time

from pvc.compiler.captions import Cue, Limits, cues, srt, vtt
from pvc.compiler.captions.tokens import width
from pvc.compiler.clock import sample_at
from pvc.compiler.model.program import Voice
from pvc.compiler.model.speech import Clip, SceneTime, TalkTime, Timing, Utterance, Word

VOICE = Voice("ada", "espeak")
RATE = 48_000


def spoken(text: str, start: int, pace: float = 15.0, words: bool = True) -> Clip:
    """A clip at ``pace`` characters a second, its words evenly timed."""
    samples = max(1, round(len(text) / pace * RATE))
    each = [
        Word(found.start(), found.end(), round(found.start() / pace * RATE), round(found.end() / pace * RATE))
        for found in re.finditer(r"\S+", text)
    ]
    return Clip(
        Utterance(text, (), (), VOICE, "en"), start, Timing(samples, tuple(each) if words else (), not words), 0, 0
    )


def talk(*scenes: list[str], pace: float = 15.0, pause: int = 15_000, words: bool = True) -> TalkTime:
    made = []
    for number, texts in enumerate(scenes):
        at, clips = 14_400, []
        for text in texts:
            clip = spoken(text, at, pace, words)
            clips.append(clip)
            at += clip.timing.samples + pause
        made.append(SceneTime(f"s{number}", at // 1_600 + 20, (), (), tuple(clips)))
    return TalkTime(Fraction(30), tuple(made))


def said(time: TalkTime) -> str:
    return " ".join(clip.utterance.text for scene in time.scenes for clip in scene.clips)


def shown(found: tuple[Cue, ...]) -> str:
    return " ".join(line for cue in found for line in cue.lines)


ENGLISH = [
    "Attention weighs every word of a sentence against every other one, and that is what makes it so very powerful.",
    "Yes.",
    "It does.",
    "The softmax turns scores into weights that add up to one.",
    "With eight heads — each with its own projections — the model can look at several places at once.",
    "Why does that matter?",
    "Because a translation depends on words that stand far apart, as in German, where the verb comes last.",
    "On WMT 2014 it reaches 28.4 BLEU, two points more than the best model before it, including ensembles.",
]

letters = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzäéñßøабвγδ"), min_size=1, max_size=12)
word = st.builds(lambda a, b: a + b, letters, st.sampled_from(["", "", "", "", ",", ";", " —", ":", ")"]))
sentence = st.lists(word, min_size=1, max_size=40).map(lambda words: " ".join(words) + ".")
script = st.lists(st.lists(sentence, max_size=5), min_size=1, max_size=3)


@given(script, st.floats(6, 40), st.integers(0, 60_000), st.booleans())
@settings(max_examples=150, deadline=None)
def test_laws(scenes, pace, pause, words) -> None:
    time = talk(*scenes, pace=pace, pause=pause, words=words)
    found = cues(time)
    assert shown(found) == said(time)
    at = 0
    for cue in found:
        assert 1 <= len(cue.lines) <= 2
        assert all(line and line == line.strip() and width(line) <= 42 for line in cue.lines)
        assert at <= cue.start < cue.end
        at = cue.end
    assert at <= sample_at(time.frames, time.fps)


@given(script)
@settings(max_examples=60, deadline=None)
def test_words_are_shown_while_they_are_heard(scenes) -> None:
    time = talk(*scenes)
    found = list(cues(time))
    start = 0
    for scene in time.scenes:
        for clip in scene.clips:
            begin, end = start + clip.start, start + clip.start + clip.timing.samples
            on = [cue for cue in found if cue.start < end and cue.end > begin]
            assert on
            assert on[0].start <= begin
            assert on[-1].end >= end
        start += sample_at(scene.frames, time.fps)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300), st.integers(10, 42))
@settings(max_examples=200, deadline=None)
def test_any_text_in_any_script_is_kept(text, columns) -> None:
    time = talk([text]) if text.strip() else talk([])
    found = cues(time, Limits(width=columns))
    assert "".join(shown(found).split()) == "".join(text.split())
    assert all(width(line) <= columns or len(line.split()) == 1 for cue in found for line in cue.lines)


def test_phrases_stay_together() -> None:
    found = cues(talk(ENGLISH))
    assert shown(found) == " ".join(ENGLISH)
    lines = [line for cue in found for line in cue.lines]
    assert "Yes. It does." in lines  # two short sentences share a cue
    assert not [line for line in lines if re.search(r"\b(the|a|of|and|to|with)$", line)]
    assert not [cue for cue in found if len(cue.text.split()) == 1]
    assert not [line for cue in found if len(cue.lines) == 2 for line in cue.lines if " " not in line]
    for cue in found:
        if len(cue.lines) == 2:
            assert abs(len(cue.lines[0]) - len(cue.lines[1])) <= 24


def test_nobody_has_to_read_faster_than_they_hear() -> None:
    for cue in cues(talk(ENGLISH)):
        seconds = (cue.end - cue.start) / RATE
        assert seconds >= 0.99
        assert seconds <= 7.2
        assert len(cue.text) / seconds <= 20


def test_captions_leave_in_a_pause_and_stay_through_a_short_one() -> None:
    time = talk(["This is the first sentence."], ["And this is another one."])
    first, second = cues(time)
    assert first.end < second.start
    short = cues(talk(["This is the first sentence.", "And this is quite another, longer one."], pause=12_000))
    assert short[0].end == short[1].start


CHINESE = "注意力机制让模型能够关注输入序列中的所有位置，因此它可以捕捉长距离依赖关系，这一点非常重要。"
ARABIC = "الانتباه يزن كل كلمة في الجملة مقابل كل كلمة أخرى، وهذا ما يجعله قويا جدا في الترجمة وفي غيرها."
THAI = "ความสนใจทำให้แบบจำลองสามารถมองเห็นทุกตำแหน่งในประโยคได้พร้อมกันและนั่นคือเหตุผลที่มันทรงพลังมาก"


@pytest.mark.parametrize("text", [CHINESE, ARABIC, THAI], ids=["chinese", "arabic", "thai"])
def test_other_scripts(text) -> None:
    found = cues(talk([text]))
    assert "".join(shown(found).split()) == "".join(text.split())
    assert all(width(line) <= 42 for cue in found for line in cue.lines)
    assert not [line for cue in found for line in cue.lines if line[0] in "，。、"]
    if " " in text:
        assert shown(found) == text
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", shown(found))


def test_chinese_sentences_meet_without_a_space() -> None:
    found = cues(talk(["你好。", "再见。"], pause=2_000))
    assert [cue.lines for cue in found] == [("你好。再见。",)]


def test_a_word_longer_than_a_line_is_cut() -> None:
    long = "https://example.org/" + "a" * 100
    found = cues(talk([f"See {long} for more of it."]))
    assert "".join(shown(found).split()) == f"See{long}formoreofit."


def test_times_that_make_no_sense_lose_no_text() -> None:
    clip = spoken(" ".join(ENGLISH), 0)
    nonsense = tuple(Word(word.start, word.end, 5, 5) for word in clip.timing.words)
    scene = SceneTime("s", 300, (), (), (Clip(clip.utterance, 0, Timing(10, nonsense, False), 0, 0),))
    found = cues(TalkTime(Fraction(30), (scene,)))
    assert shown(found) == " ".join(ENGLISH)
    assert all(cue.start < cue.end for cue in found)


def test_a_talk_of_an_hour_is_quick() -> None:
    hour = talk(*[ENGLISH] * 75)
    assert shown(in_time(5, lambda: cues(hour))) == said(hour)


def subtitles(text: str, name: str) -> list[tuple[int, int, str]]:
    """A subtitle file as FFmpeg reads it: (start, duration in ms, raw text)."""
    with av.open(io.BytesIO(text.encode()), format=name) as container:
        scale = container.streams[0].time_base
        return [
            (round(packet.pts * scale * 1000), round(packet.duration * scale * 1000), bytes(packet).decode())
            for packet in container.demux(subtitles=0)
            if packet.size
        ]


@given(st.lists(sentence, min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_files_are_read_back_as_written(sentences) -> None:
    found = cues(talk(sentences))
    expected = [
        ((cue.start + 24) // 48, (cue.end + 24) // 48 - (cue.start + 24) // 48, "\n".join(cue.lines)) for cue in found
    ]
    assert subtitles(srt(found), "srt") == expected
    assert [(at, length, html.unescape(text)) for at, length, text in subtitles(vtt(found), "webvtt")] == expected


def test_text_that_looks_like_markup() -> None:
    text = "if a<b & b<c --> {\\an8} then <i>so</i>"
    found = (Cue(0, 48_000, (text,)), Cue(48_000, 96_000, ("next",)))
    plain = subtitles(srt(found), "srt")
    assert [item[2].replace("\u2060", "") for item in plain] == [text, "next"]
    assert "-->" not in plain[0][2]
    assert "<i>" not in plain[0][2]
    web = subtitles(vtt(found, "en"), "webvtt")
    assert [html.unescape(item[2]) for item in web] == [text, "next"]
    assert vtt(found).startswith("WEBVTT\nKind: captions\nLanguage: en\n\n00:00:00.000 --> 00:00:01.000\n")


def test_hours_are_written() -> None:
    late = Cue(3_600 * RATE + 61 * RATE + 24_000, 3_700 * RATE, ("late",))
    assert "01:01:01,500 --> 01:01:40,000" in srt([late])


def test_nothing_said_nothing_shown() -> None:
    assert cues(talk([])) == ()
    assert srt(()) == ""
    assert vtt(()).startswith("WEBVTT")
