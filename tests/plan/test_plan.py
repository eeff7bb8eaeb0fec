"""Beats, anchors and clips on the frame and sample grids."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan.talks import FORMAT, HERE, NTSC, VOICE, act, say, scene, silent, talk, visual

from pvc.compiler.clock import SAMPLE_RATE, frame_at, sample_at
from pvc.compiler.diagnostics.model import Severity
from pvc.compiler.model.program import Beat, Expectation, Format, Narration, Program, SpeechMark
from pvc.compiler.model.speech import SceneTime, Timing, Utterance, Word
from pvc.compiler.model.values import Duration, Interval
from pvc.compiler.plan import Planned, estimate, plan, utterances
from pvc.compiler.plan.timeline import exit_frames, tail_frames

BOX = (visual("b"), visual("c"))


def timing(utterance: Utterance, every: int = 12_000) -> Timing:
    """A voice that takes a quarter of a second for each word."""
    words, at = [], 0
    for number, word in enumerate(utterance.text.split()):
        start = utterance.text.index(word, at)
        at = start + len(word)
        words.append(Word(start, at, number * every, (number + 1) * every))
    return Timing(every * len(words), tuple(words), False, "d" * 64)


def planned(program: Program) -> Planned:
    return plan(program, {one: timing(one) for one in utterances(program)})


def only(program: Program) -> SceneTime:
    return planned(program).time.scenes[0]


def codes(program: Program) -> list[str]:
    return [finding.code for finding in planned(program).diagnostics]


def test_sentences_are_spoken_once_and_in_order() -> None:
    program = talk(scene("a", (), say("One here. Two here."), say("Two here.")))
    assert [one.text for one in utterances(program)] == ["One here.", "Two here."]


def test_lead_gaps_and_the_end() -> None:
    time = only(talk(scene("a", (), say("One two. Three."), say("Four."))))
    first, second, third = time.clips
    assert first.start == 14_400  # 0.3 s before the first word
    assert second.start == first.start + first.timing.samples + 14_400
    assert third.start == second.start + second.timing.samples + 14_400
    last = time.beats[-1]
    assert time.frames == last.start + last.frames + 12  # an exit of 0.4 s
    program = talk(scene("a", (), say("One.")))
    assert exit_frames(program, 0) == tail_frames(program) == 12


def test_a_cue_is_heard_on_its_word_to_the_sample() -> None:
    text = "Alpha beta gamma delta."
    program = talk(scene("a", BOX, say(text, act("show", "b"), act("highlight", "b", at=text.index("gamma")))))
    time = only(program)
    heard = time.clips[0].start + 2 * 12_000
    assert time.actions[1].start == frame_at(Fraction(heard, SAMPLE_RATE), Fraction(30))


@pytest.mark.parametrize(
    ("offset", "word"),
    [(0, 0), (5, 1), (6, 1), (22, 4), (23, 4)],  # a space belongs to the next word; the end to the end of the voice
)
def test_offsets_between_words_and_at_the_end(offset: int, word: int) -> None:
    program = talk(scene("a", BOX, say("Alpha beta gamma delta.", act("show", "b", at=offset, effect="cut"))))
    time = only(program)
    expected = Fraction(time.clips[0].start + word * 12_000, SAMPLE_RATE)
    if offset == 22:  # inside the last word: the share of it that lies before
        assert time.actions[0].start < frame_at(expected, Fraction(30))
    else:
        assert time.actions[0].start == frame_at(expected, Fraction(30))


def test_an_anchor_in_the_second_sentence_waits_for_the_gap() -> None:
    program = talk(scene("a", BOX, say("One two. Three four.", act("show", "b", at=8))))
    time = only(program)
    assert time.actions[0].start == frame_at(Fraction(time.clips[1].start, SAMPLE_RATE), Fraction(30))


def test_actions_follow_each_other_and_together_runs_side_by_side() -> None:
    side = act("together", children=(act("show", "b", lasts="1"), act("show", "c", lasts="0.5"), act("wait", lasts=2)))
    time = only(talk(scene("a", BOX, silent(act("wait", lasts=10), side, act("hide", "b")))))
    found = [(action.verb, action.start, action.frames) for action in time.actions]
    assert found == [
        *(("wait", 0, 10), ("together", 10, 30), ("show", 10, 30), ("show", 10, 15), ("wait", 10, 2)),
        ("hide", 40, 9),
    ]


def test_a_beat_waits_for_its_last_action_and_the_voice_for_the_beat() -> None:
    program = talk(scene("a", BOX, say("One.", act("show", "b", lasts="4")), say("Two.")))
    time = only(program)
    assert time.beats[1].start == 120
    assert time.clips[1].start == sample_at(120, Fraction(30))
    assert codes(program) == ["PVC0440"]


def test_breaks_between_sentences_lengthen_the_gap() -> None:
    marks = (SpeechMark("break", 4, 4, "500ms"), SpeechMark("break", 9, 9, "1s"))
    beat = Beat(Narration("One. Two.", marks=marks, span=HERE), (), HERE)
    time = only(talk(scene("a", (), beat)))
    assert time.clips[1].start - time.clips[0].start == 12_000 + 14_400 + 24_000
    assert time.clips[0].utterance.marks == ()
    voice = time.clips[1].start + 12_000
    assert time.beats[0].frames * 1600 >= voice + 48_000


def test_marks_are_relative_to_their_sentence() -> None:
    marks = (SpeechMark("emphasis", 5, 8, "strong"), SpeechMark("rate", 0, 9, "+10%"))
    program = talk(scene("a", (), Beat(Narration("One. Two.", marks=marks, span=HERE), (), HERE)))
    first, second = utterances(program)
    assert first.marks == (SpeechMark("rate", 0, 4, "+10%"),)
    assert second.marks == (SpeechMark("emphasis", 0, 3, "strong"), SpeechMark("rate", 0, 4, "+10%"))


def test_default_lengths_make_room_for_an_anchor_and_stated_ones_are_reported() -> None:
    text = "Alpha beta gamma delta epsilon."
    free = talk(scene("a", BOX, say(text, act("show", "b"), act("hide", "b", at=0))))
    assert [(action.start, action.frames) for action in only(free).actions] == [(0, 9), (9, 9)]
    stated = talk(scene("a", BOX, say(text, act("show", "b", lasts="3"), act("hide", "b", at=6))))
    assert "PVC0443" in codes(stated)


def test_anchors_on_one_frame_out_of_order_and_before_the_beat() -> None:
    text = "Alpha beta gamma delta."
    near = talk(scene("a", BOX, say(text, act("show", "b", at=6), act("show", "c", at=11, shift="-0.25"))))
    assert "PVC0441" in codes(near)
    late = talk(scene("a", BOX, say(text, act("show", "b", at=11), act("show", "c", at=0))))
    assert "PVC0447" in codes(late)
    early = talk(scene("a", BOX, say(text, act("show", "b", at=0, shift="-2"))))
    assert "PVC0446" in codes(early)
    assert only(early).actions[0].start == 0


def test_stills_haste_and_speed() -> None:
    assert codes(talk(scene("a", BOX, silent(act("show", "b"), act("wait", lasts="12"))))) == ["PVC0444"]
    assert codes(talk(scene("a", BOX, silent(act("show", "b", lasts=1))))) == ["PVC0442"]
    hasty = (visual("b", text="A long line of letters that nobody could read so fast"),)
    assert codes(talk(scene("a", hasty, silent(act("show", "b", effect="write", lasts="0.5"))))) == ["PVC0442"]
    fast = talk(scene("a", (), say("A great many words are said here in next to no time at all.")))
    quick = {one: timing(one, 3000) for one in utterances(fast)}
    assert [finding.code for finding in plan(fast, quick).diagnostics] == ["PVC0445"]


def test_expectations_of_time() -> None:
    wanted = Expectation("duration", "in", Interval(Duration(Fraction(60)), Duration(Fraction(90))), HERE)
    program = talk(scene("a", (), say("One.")), expectations=(wanted,))
    (spoken,) = planned(program).diagnostics
    assert (spoken.code, spoken.severity) == ("PVC0448", Severity.ERROR)
    (guessed,) = plan(program, {}).diagnostics
    assert guessed.severity is Severity.WARNING
    fine = replace(wanted, value=Interval(Duration(Fraction(1, 2)), Duration(Fraction(9))))
    assert codes(replace(program, expectations=(fine,))) == []


def test_estimates_are_in_proportion_to_what_is_said() -> None:
    def guess(text: str, language: str = "en", rate: int = 1) -> Timing:
        (one,) = utterances(replace(talk(scene("a", (), say(text))), language=language))
        return estimate(replace(one, voice=replace(VOICE, rate=Fraction(rate))))

    short, long = guess("A word."), guess("A word and several others that follow it.")
    assert short.estimated
    assert long.samples > 3 * short.samples
    assert guess("A word.", rate=2).samples == pytest.approx(short.samples / 2, abs=2)
    assert guess("1,000,000.").samples > guess("10.").samples
    assert guess("注意力是一种柔和的查找。", "cmn").samples > SAMPLE_RATE
    for one in (short, long):
        assert [word.begin for word in one.words] == sorted(word.begin for word in one.words)
        assert one.words[-1].finish == one.samples
    # espeak-ng says this in 4.55 s at the engine's default speed
    known = guess("Every query is compared with every key, giving one score per pair, and the rest follows.")
    assert known.samples / SAMPLE_RATE == pytest.approx(5.1, rel=0.15)


WORDS = st.lists(st.sampled_from(["alpha", "be.", "gamma!", "delta", "…", "Fig. 3"]), max_size=8).map(" ".join)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    beats = []
    for _ in range(draw(st.integers(0, 4))):
        text = draw(WORDS)
        actions = [
            act(
                draw(st.sampled_from(["show", "hide", "highlight", "wait", "move"])),
                "b",
                at=draw(st.one_of(st.none(), st.integers(0, max(0, len(text))))),
                shift=draw(st.sampled_from(["0", "0.3", "-0.2", 5, -3])),
                lasts=draw(st.sampled_from([None, "0.7", "2.5", 0, 1])),
            )
            for _ in range(draw(st.integers(0, 4)))
        ]
        if draw(st.booleans()):
            beats.append(say(text, *actions))
        else:
            beats.append(silent(*(replace(action, moment=None) for action in actions)))
    chosen = draw(st.sampled_from([FORMAT, NTSC, Format("60", 1280, 720, Fraction(60000, 1001), (1920, 1080))]))
    return talk(scene("a", BOX, *beats), scene("z", (), say("The end.")), format=chosen)


@settings(max_examples=120, deadline=None)
@given(programs())
def test_plans_have_no_gaps_and_keep_their_order(program: Program) -> None:
    found = planned(program)
    assert found == planned(program)
    fps = program.format.fps
    for time in found.time.scenes:
        at = 0
        for beat in time.beats:
            assert beat.start == at
            assert beat.frames >= 0
            at += beat.frames
        assert time.frames == at + tail_frames(program)
        for action in time.actions:
            beat = time.beats[action.beat]
            assert beat.start <= action.start
            assert action.start + action.frames <= beat.start + beat.frames
        heard = 0
        for clip in time.clips:
            assert clip.start >= heard
            heard = clip.start + clip.timing.samples
            beat = time.beats[clip.beat]
            assert clip.start >= sample_at(beat.start, fps)
            assert heard <= sample_at(beat.start + beat.frames, fps) + 1
    assert found.time.frames == sum(time.frames for time in found.time.scenes)


def test_clips_are_whole_samples_at_a_rate_that_divides_badly() -> None:
    beats = [say("One two three.") for _ in range(200)]
    time = only(talk(scene("a", (), *beats), format=NTSC))
    ends = [clip.start + clip.timing.samples for clip in time.clips]
    gaps = {clip.start - end for end, clip in zip(ends, time.clips[1:], strict=False)}
    assert gaps == {14_400}  # exactly the theme's 0.3 s between sentences, 200 beats on
