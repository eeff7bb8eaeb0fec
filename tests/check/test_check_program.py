"""What a sound talk becomes: the checked Program, value by value."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from check_worlds import ProjectWorld, checked, codes, scene

from pvc.compiler.check import check
from pvc.compiler.check.settings import format_named
from pvc.compiler.digest import digest_bytes, digest_of
from pvc.compiler.disk import DiskWorld
from pvc.compiler.model.program import Action, Place, Program, SceneSpec
from pvc.compiler.model.values import Color, Duration, Interval, Tex, Token
from pvc.compiler.source import Span

ROOT = Path(__file__).parents[2]


def program(text: str, **files: str | bytes) -> Program:
    result = checked(text, **files)
    assert result.program is not None
    assert not codes(result), result.diagnostics
    assert result.ok
    return result.program


def one(body: str, before: str = "") -> SceneSpec:
    return program(scene(body, before)).scenes[0]


def actions(found: SceneSpec) -> list[Action]:
    return [action for beat in found.beats for action in beat.actions]


def test_defaults_of_a_talk() -> None:
    found = program(scene('  say "Hello."'))
    assert found.format == format_named("1080p30")
    assert found.theme.name == "midnight"
    assert found.voice.engine == "espeak"
    assert found.language == "en"
    assert found.scenes[0].id == "one"
    assert found.scenes[0].title == "One"
    assert [path for path, _ in found.files] == ["talk.vid"]


def test_settings() -> None:
    found = program(
        'talk "A talk" {\n  format = vertical29_97\n  theme = paper\n  voice = ada\n  language = en-GB\n'
        '  audience = expert\n  authors = ["A", "B"]\n  captions = none\n  expect duration in 1s..2min\n}\n'
        'voice ada = espeak(voice: "en-gb", rate: 0.9, pitch: 2)\nlexicon { "BLEU" -> "blue" }\n'
        'concept query { symbol = tex`Q`  words = ["query"]  color = theme.cool }\n'
        + scene('  say "The BLEU of a query."')
    )
    assert (found.format.width, found.format.height, found.format.fps) == (1080, 1920, Fraction(30000, 1001))
    assert found.format.reference == (1080, 1920)
    assert found.theme.color("background") != Color(15, 20, 32)
    assert (found.voice.rate, found.voice.pitch, found.voice.parameters) == (Fraction(9, 10), 2, (("voice", "en-gb"),))
    assert found.language == "en-GB"
    assert found.lexicon == (("BLEU", "blue"),)
    assert found.concepts[0].symbols == ("Q",)
    assert found.concepts[0].color == Token("cool")
    assert found.expectations[0].value == Interval(Duration(Fraction(1)), Duration(Fraction(120)))
    assert dict(found.settings)["authors"] == ("A", "B")


@pytest.mark.parametrize(
    "name",
    [
        "1080p30",
        "720p30",
        "2160p30",
        "1080p60",
        "1080p25",
        "vertical30",
        "square30",
        "1080p29.97",
        "720p23.976",
        "vertical59.94",
        "1080p29_97",
    ],
)
def test_every_format_is_read(name: str) -> None:
    found = program(f'talk "T" {{\n  format = {name}\n}}\n' + scene('  say "Hello."')).format
    assert found.name == name.replace("_", ".")
    assert found.width % 2 == 0
    assert found.height % 2 == 0
    assert Fraction(found.width, found.height) == Fraction(*found.reference)


def test_arguments_come_complete_and_in_the_order_of_the_declaration() -> None:
    found = one("  show equation(scale: 1.5, formula: tex`a`)")
    (visual,) = found.visuals
    assert (visual.component, visual.layout, visual.id) == ("std.prelude.equation", "equation", "equation")
    assert visual.arguments == (("formula", Tex("a")), ("scale", Fraction(3, 2)), ("where", ()))
    assert (visual.backend, visual.native, visual.fallback) == ("canvas", None, None)


def test_beats_and_silence() -> None:
    found = one(
        '  let a = title("A")\n  show a\n  wait 0.5s\n  say "One." {\n    hide a\n  }\n  say "Two."\n  wait 12f'
    )
    assert [beat.narration.text if beat.narration else None for beat in found.beats] == [None, "One.", "Two.", None]
    assert [action.verb for action in actions(found)] == ["show", "wait", "hide", "wait"]
    assert actions(found)[3].duration == Duration(Fraction(0), 12)


def test_anchors_are_places_in_the_plain_text() -> None:
    found = one(
        '  let a = title("A")\n  say "One {b} two, three four." {\n    show a\n    at b + 0.3s: highlight a\n'
        '    at "Four" {\n      move a to left\n      hide a\n    }\n  }'
    )
    text = found.beats[0].narration.text  # type: ignore[union-attr]
    show, highlight, move, hide = actions(found)
    assert show.moment is None
    assert highlight.moment is not None
    assert text[highlight.moment.offset :].startswith("two")
    assert highlight.moment.shift == Duration(Fraction(3, 10))
    assert move.moment is not None
    assert text[move.moment.offset :] == "four."
    assert hide.moment is None


def test_parts_in_canonical_spelling() -> None:
    found = one(
        '  let eq = equation(tex`QK`)\n  let list = bullets(["a", "b"], title: "T")\n'
        "  let c = charts.bar(t, x: model, y: score)\n  show eq\n  show list in left\n  show c in right\n"
        "  highlight eq[tex`Q K`]\n  highlight eq[query]\n  highlight list.items[1..2] color #ff0000\n"
        '  highlight list.title\n  focus c.bars["A \\"B\\""]\n  focus c.bars[2]\n  highlight query for 2s',
        'use std.charts\ndata t = csv("data/bleu.csv") { model: text, score: number }\n'
        "concept query { symbol = tex`Q`  color = theme.cool }",
    )
    made = actions(found)[3:]
    assert [action.part.selector if action.part else None for action in made] == [
        "tex:Q K",
        "concept:query",
        "items[1..2]",
        "title",
        'bars["A \\"B\\""]',
        "bars[2]",
        "concept:query",
    ]
    assert made[2].color == Color(255, 0, 0)
    assert made[6].visuals == ("eq", "list", "c")


def test_places_effects_and_names() -> None:
    found = one(
        '  show title("A") as head in top with fade for 0.4s\n  show text("B") below head width 50%\n'
        '  show text("C") at [25%, 75%]\n  move head below text\n'.replace("below text", "to right")
    )
    made = actions(found)
    assert [visual.id for visual in found.visuals] == ["head", "text", "text_2"]
    assert (made[0].effect, made[0].duration, made[0].place) == ("fade", Duration(Fraction(2, 5)), Place(region="top"))
    assert made[1].place == Place(beside=("below", "head"), width=Fraction(1, 2))
    assert made[2].place == Place(x=Fraction(1, 4), y=Fraction(3, 4))
    assert made[3].place == Place(region="right")


def test_transforms_and_backends() -> None:
    found = one(
        '  let a = equation(tex`a`)\n  let b = equation(tex`b`)\n  let c = title("C")\n'
        "  show a on manim fallback canvas\n"
        '  transform a into b\n  transform b into text("D") as d\n  show c in top'
    )
    by = {visual.id: visual for visual in found.visuals}
    assert {name: (visual.backend, visual.native, visual.fallback) for name, visual in by.items()} == {
        "a": ("manim", "equation", "canvas"),
        "b": ("manim", "equation", "canvas"),
        "d": ("manim", None, "canvas"),
        "c": ("canvas", None, None),
    }
    transform = actions(found)[1]
    assert (transform.visuals, transform.target) == (("a",), "b")


def test_a_talk_and_a_scene_choose_the_backend() -> None:
    text = 'talk "T" {\n  backend = manim\n  fallback = canvas\n}\n' + scene("  show equation(tex`a`)")
    text += 'scene two "Two" on canvas {\n  show equation(tex`a`)\n}\n'
    found = program(text)
    assert [each.visuals[0].backend for each in found.scenes] == ["manim", "canvas"]


def test_loops_and_branches_are_unrolled() -> None:
    found = one(
        "  for row in t {\n    if row.score > 25 {\n"
        "      show text(row.model) as shown\n      hide shown\n    } else {\n"
        "      show heading(row.model)\n    }\n  }\n  for n in [1, 2] { wait n * 1s }",
        'data t = csv("data/bleu.csv") { model: text, score: number }',
    )
    assert [(visual.id, dict(visual.arguments).get("content")) for visual in found.visuals] == [
        ("heading", None),
        ("shown", "ConvS2S"),
        ("shown_2", "Transformer"),
    ]
    assert [action.verb for action in actions(found)] == ["show", "show", "hide", "show", "hide", "wait", "wait"]


def test_several_at_once() -> None:
    found = one(
        '  let a = title("A")\n  let b = text("B")\n  show a, b\n  highlight a, b.lines[1]\n'
        "  together {\n    hide a\n    hide b\n  }"
    )
    show, both, together = actions(found)
    assert show.visuals == ("a", "b")
    assert both.verb == "together"
    assert [(child.visuals, child.part.selector if child.part else None) for child in both.children] == [
        (("a",), None),
        (("b",), "lines[1]"),
    ]
    assert [child.verb for child in together.children] == ["hide", "hide"]


def test_notes_chapters_and_voices_of_a_sentence() -> None:
    found = one(
        '  chapter "First"\n  note "Slowly."\n  say "Hello." voice bob\n  say "Hallo." language de',
        'voice bob = espeak(voice: "en-us")',
    )
    assert (found.chapter, found.notes) == ("First", ("Slowly.",))
    first, second = (beat.narration for beat in found.beats)
    assert first is not None
    assert second is not None
    assert first.voice is not None
    assert first.voice.name == "bob"
    assert second.language == "de"


def test_a_theme_inherits_what_it_does_not_say() -> None:
    text = 'talk "T" {\n  theme = ours\n}\n' + scene('  say "Hello."')
    text += "theme base extends paper { motion { enter = 1s } }\ntheme ours extends base { colors { accent = warm } }\n"
    found = program(text).theme
    plain = program('talk "T" {\n  theme = paper\n}\n' + scene('  say "Hello."')).theme
    assert found.color("accent") == plain.color("warm")
    assert found.color("background") == plain.color("background")
    assert found.seconds("enter") == 1
    assert found.name == "ours"


def test_fonts_images_and_files_read() -> None:
    result = checked(scene('  show image("paper/weights.png")'))
    assert result.program is not None
    asset = dict(result.program.scenes[0].visuals[0].arguments)["file"]
    data = (ROOT / "tests/check/project/paper/weights.png").read_bytes()
    assert asset.digest == digest_bytes(data)  # type: ignore[union-attr]
    assert dict(result.files)["paper/weights.png"] == digest_bytes(data)


def test_spans_point_at_their_words() -> None:
    text = 'talk "T" {\n}\n\n// a comment\nscene one "One" {\n  let eq = equation(tex`a`)\n  show eq\n}\n'
    found = program(text)
    (visual,) = found.scenes[0].visuals
    assert text[visual.span.start : visual.span.end] == "equation(tex`a`)"
    action = found.scenes[0].beats[0].actions[0]
    assert text[action.span.start : action.span.end] == "show eq"


def test_checking_twice_gives_the_same() -> None:
    for name in ("attention", "euler", "hello"):
        path = str(ROOT / "examples" / name / "talk.vid")
        first, second = check(path, DiskWorld()), check(path, DiskWorld())
        assert first == second
        assert first.ok, first.diagnostics
        assert first.program is not None
        assert second.program is not None
        assert digest_of(first.program) == digest_of(second.program)


def test_an_edit_above_moves_spans_only() -> None:
    text = scene(
        '  let eq = equation(tex`a`)\n  say "Hello {a} there." {\n    show eq\n    at a: highlight eq[tex`a`]\n  }'
    )
    before, after = program(text), program("// one more line\n\n" + text)
    assert before != after
    flat = Span("talk.vid", 0, 0)

    def without_spans(value: object) -> object:
        if isinstance(value, Span):
            return flat
        if isinstance(value, tuple):
            return tuple(map(without_spans, value))
        if hasattr(value, "__dataclass_fields__"):
            return type(value)(**{name: without_spans(getattr(value, name)) for name in value.__dataclass_fields__})
        return value

    assert without_spans(before.scenes) == without_spans(after.scenes)


def test_a_world_that_remembers_papers_reads_them_once() -> None:
    text = 'talk "T" {\n}\npaper note = latex("paper/main.tex")\n' + scene(
        '  claim "It is made soft." from note quote "the same operation made soft"\n  say "Hello."'
    )
    world = ProjectWorld({"talk.vid": text})
    first = check("talk.vid", world)
    assert world.memory
    assert check("talk.vid", world) == first


def test_a_voice_in_a_file_is_found_beside_the_spec() -> None:
    text = 'talk "T" {\n  voice = ada\n}\nvoice ada = piper(model: "%s")\n' + scene('  say "Hello."')
    world = ProjectWorld({"talks/talk.vid": text % "voices/ada.onnx", "talks/other.vid": text % "en_US-amy"})
    for name, model in (("talks/talk.vid", "talks/voices/ada.onnx"), ("talks/other.vid", "en_US-amy")):
        found = check(name, world).program
        assert found is not None
        assert dict(found.voice.parameters)["model"] == model
