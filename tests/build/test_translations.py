"""A talk in another language: what is said, shown and heard differs, what is not is shared."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest
from talks import built, ran, request, write

from pvc.compiler.check import check
from pvc.compiler.check.run import Checker
from pvc.compiler.diagnostics.model import Severity
from pvc.compiler.disk import DiskWorld
from pvc.compiler.plan import plan
from pvc.runtime.build.inspect import inspect
from pvc.runtime.build.survey import frame_of, survey
from pvc.runtime.errors import PvcError

TALK = """\
talk "Small" {
  format = 1080p30
  theme = paper
  description = "A small talk."
  voice = ada
}

voice ada = espeak(voice: "en-us")
voice anna = espeak(voice: "de")

scene one "One" {
  let words = text("A first thought")
  say "A first thought, said aloud. {second} And a second one, of its own kind." {
    show words
    at second: highlight words
    at "own kind": hide words
  }
}

scene two "Two" {
  let points = bullets(["alpha", "beta"])
  say "Two points are enough." {
    show points
    highlight points.items[1]
  }
}
"""
GERMAN = """
translation de {
  title = "Klein"
  description = "Ein kleiner Vortrag."
  voice = anna

  scene one "Eins" {
    say "A first thought, said aloud. And a second one, of its own kind."
      -> "Ein erster Gedanke, laut gesagt. {second} Und noch ein zweiter von {own kind} eigener Art."
  }

  scene two "Zwei" {
    say "Two points are enough."
      -> "Zwei Punkte reichen."
    "beta" -> "Beta, die zweite"
  }
}
"""


def findings(folder: Path, text: str, language: str | None = "de") -> list[tuple[str, str]]:
    talk = write(folder, text)
    checked = check(str(talk), DiskWorld(), language=language)
    return [(each.code, each.message) for each in checked.diagnostics]


def test_only_what_differs_is_made(tmp_path: Path) -> None:
    talk = write(tmp_path / "talk", TALK + GERMAN)
    cache = tmp_path / "cache"
    english = built(talk, cache)
    german = built(talk, cache, language="de")
    assert german.output == str(tmp_path / "talk" / "talk.de.mp4")
    assert {kind: count for kind, count in ran(german).items() if kind != "segment"} == {
        "speak": 3,
        "audio": 1,
        "mux": 1,
    }
    painted = [line for line in german.ran if line.startswith("segment")]
    assert painted
    assert all("two," in line for line in painted), painted
    assert ran(english)["segment"] > len(painted)
    again = built(talk, cache, language="de", force=True)
    assert not set(ran(again)) - {"mux"}

    with av.open(german.output) as film:
        assert film.streams.audio[0].language == "deu"
        assert film.metadata["title"] == "Klein"
        assert film.metadata["description"] == "Ein kleiner Vortrag."
        assert [mark["metadata"]["title"] for mark in film.chapters()] == ["Eins", "Zwei"]
        samples = sum(frame.samples for frame in film.decode(audio=0))
    assert abs(samples - german.frames * 1600) <= 2048
    captions = (tmp_path / "talk" / "talk.de.vtt").read_text()
    assert "Language: de" in captions
    said = " ".join(line for line in captions.split("\n")[3:] if line and "-->" not in line)
    assert said == ("Ein erster Gedanke, laut gesagt. Und noch ein zweiter von eigener Art. Zwei Punkte reichen."), (
        "what is written is said, without marks"
    )
    document = json.loads((tmp_path / "talk" / "talk.de.json").read_text())
    assert document["language"] == "de"


def test_a_translation_without_texts_paints_nothing(tmp_path: Path) -> None:
    talk = write(tmp_path / "talk", TALK + GERMAN.replace('    "beta" -> "Beta, die zweite"\n', ""))
    cache = tmp_path / "cache"
    built(talk, cache)
    assert ran(built(talk, cache, language="de")) == {"speak": 3, "audio": 1, "mux": 1}


def test_actions_happen_at_the_marks(tmp_path: Path) -> None:
    talk = write(tmp_path, TALK + GERMAN)
    checked = check(str(talk), DiskWorld(), language="de")
    assert checked.program is not None
    assert not [each for each in checked.diagnostics if each.severity is not Severity.NOTE]
    narration = checked.program.scenes[0].beats[0].narration
    assert narration is not None
    assert narration.voice is not None
    assert (narration.voice.name, narration.language) == ("anna", "de")
    at = {
        action.moment.label: narration.text[action.moment.offset :].split()[0]
        for action in checked.program.scenes[0].beats[0].actions
        if action.moment is not None
    }
    assert at == {"second": "Und", "own kind": "eigener"}
    assert dict(checked.program.scenes[1].visuals[0].arguments)["items"] == ("alpha", "Beta, die zweite")
    assert not plan(checked.program, {}).diagnostics


def test_a_sentence_may_move_and_others_may_come(tmp_path: Path) -> None:
    text = TALK.replace('  say "A first', '  say "Something new."\n  say "A first')
    found = findings(tmp_path, text + GERMAN)
    assert [code for code, _ in found] == ["PVC0708"]
    marked = TALK.replace("said aloud.", "<emphasis>said</emphasis>  aloud.")
    assert findings(tmp_path, marked + GERMAN) == [], "markup and spaces are no part of a sentence's words"


def test_an_edited_sentence_keeps_its_translation_and_offers_a_fix(tmp_path: Path) -> None:
    talk = write(tmp_path, TALK.replace("said aloud", "spoken aloud") + GERMAN)
    checked = check(str(talk), DiskWorld(), language="de")
    assert [each.code for each in checked.diagnostics] == ["PVC0709"]
    fix = checked.diagnostics[0].fixes[0]
    edit = fix.edits[0]
    source = talk.read_text()
    talk.write_text(source[: edit.span.start] + edit.text + source[edit.span.end :])
    mended = check(str(talk), DiskWorld(), language="de")
    assert not mended.diagnostics
    assert mended.program is not None
    assert checked.program is not None
    assert [beat.narration and beat.narration.text for beat in mended.program.scenes[0].beats] == [
        beat.narration and beat.narration.text for beat in checked.program.scenes[0].beats
    ]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("{second} ", "", ["PVC0418"]),
        ("{own kind} ", "", ["PVC0418"]),
        ("{second} ", "{secund} ", ["PVC0401", "PVC0418"]),
        ("{second} Und noch ein zweiter von {own kind}", "{own kind} Und {second} noch", ["PVC0417"]),
        ("scene two", "scene tow", ["PVC0207", "PVC0708"]),
        ('"beta" ->', '"betta" ->', ["PVC0709"]),
        ("title =", "titel =", ["PVC0309"]),
        ("voice = anna", "voice = 3", ["PVC0301"]),
        ("voice = anna", "voice = anna\n  voice = anna", ["PVC0311"]),
        ("voice = anna", "voices { ada = ann }", ["PVC0207"]),
        ("translation de", "translation en", ["PVC0310"]),
        ('-> "Zwei Punkte reichen."', '-> "{x}"', ["PVC0401", "PVC0413"]),
        ("scene two", 'scene one "x" {}\n  scene two', ["PVC0209"]),
    ],
)
def test_mistakes(tmp_path: Path, old: str, new: str, codes: list[str]) -> None:
    assert old in GERMAN
    wrong = GERMAN.replace(old, new)
    for language in (None, "de"):
        found = findings(tmp_path, TALK + wrong, language)
        expected = [code for code in codes if code != "PVC0708" or new.startswith("scene tow")]
        unused = {"PVC0701"} & {code for code, _ in found}
        assert sorted({code for code, _ in found} - unused) == sorted(set(expected)), found


def test_two_blocks_of_one_language(tmp_path: Path) -> None:
    assert "PVC0209" in {code for code, _ in findings(tmp_path, TALK + GERMAN + "\ntranslation de {}\n")}


def test_the_original_builds_whatever_is_wrong_with_a_translation(tmp_path: Path) -> None:
    talk = write(tmp_path / "talk", TALK + GERMAN.replace("{second} ", ""))
    built(talk, tmp_path / "cache")
    assert not inspect(request(talk, tmp_path / "cache")).ok, "but check says it"


def test_a_module_may_hold_it(tmp_path: Path) -> None:
    text = TALK.replace('voice anna = espeak(voice: "de")\n', 'use "./german.vid"\n')
    (tmp_path / "german.vid").write_text('voice anna = espeak(voice: "de")\n' + GERMAN)
    assert findings(tmp_path, text) == []
    talk = write(tmp_path, text)
    program = check(str(talk), DiskWorld(), language="de").program
    assert program is not None
    assert program.language == "de"
    assert program.title == "Klein"


def test_repeated_sentences_take_entries_in_turn(tmp_path: Path) -> None:
    text = 'talk "T" {}\nscene a "A" {\n  say "Again."\n  say "Again."\n  say "Again."\n}\n'
    text += 'translation de {\n  scene a { say "Again." -> "Noch einmal."\n say "Again." -> "Und wieder." }\n}\n'
    talk = write(tmp_path, text)
    program = check(str(talk), DiskWorld(), language="de").program
    assert program is not None
    said = [beat.narration.text for beat in program.scenes[0].beats if beat.narration is not None]
    assert said == ["Noch einmal.", "Und wieder.", "Und wieder."]


def test_untranslated_sentences_are_said_as_they_were(tmp_path: Path) -> None:
    text = 'talk "T" {\n  voice = ada\n}\nvoice ada = espeak(voice: "en-us")\nlexicon { "BLEU" -> "blue" }\n'
    text += 'scene a "A" {\n  say "The BLEU score."\n  say "Hello."\n}\n'
    text += 'translation de {\n  scene a { say "Hello." -> "Hallo, BLEU." }\n}\n'
    from pvc.compiler.plan import utterances

    program = check(str(write(tmp_path, text)), DiskWorld(), language="de").program
    assert program is not None
    first, second = utterances(program)
    assert (first.voice.name, first.language) == ("ada", "en")
    assert "blue" in {say for _, _, say in first.spoken}
    assert second.language == "de"
    assert second.voice.name == "default"
    assert "blue" not in "".join(say for _, _, say in second.spoken)


def test_conditions_on_the_language_hold_in_each(tmp_path: Path) -> None:
    text = 'talk "T" {}\nscene a "A" {\n  if language == de { say "Guten Tag." language de } else { say "Hello." }\n}\n'
    text += "translation de {}\n"
    assert findings(tmp_path, text, None) == []
    assert findings(tmp_path, text, "de") == []


def test_names_of_parts_are_translated_with_the_text(tmp_path: Path) -> None:
    text = 'use std.diagrams\ntalk "T" {}\nscene a "A" {\n  let steps = diagrams.flow(["encoder", "decoder"])\n'
    text += '  say "Look." { show steps\n    highlight steps.nodes["encoder"] }\n}\n'
    text += 'translation de {\n  "encoder" -> "Kodierer"\n  scene a { say "Look." -> "Sieh an." }\n}\n'
    talk = write(tmp_path, text)
    assert inspect(request(talk, tmp_path / "cache")).diagnostics == ()
    seen = frame_of(request(talk, tmp_path / "cache", language="de"), None, "a", None)
    assert seen.png is not None


def test_a_language_that_there_is_none_of(tmp_path: Path) -> None:
    talk = write(tmp_path, TALK + GERMAN)
    with pytest.raises(PvcError, match="not translated into 'fr'") as raised:
        survey(request(talk, tmp_path / "cache", language="fr"))
    assert raised.value.code == "PVC0914"


def test_checking_again_finds_what_a_fresh_check_finds(tmp_path: Path) -> None:
    checker = Checker(DiskWorld())
    texts = [TALK + GERMAN, "// one line more\n" + TALK + GERMAN.replace("{second} ", ""), TALK + GERMAN + "\n"]
    for text in texts:
        talk = write(tmp_path, text)
        checker.db.world = DiskWorld()
        assert checker.check(str(talk)).diagnostics == check(str(talk), DiskWorld()).diagnostics


def test_expectations_hold_at_the_translation_s_words(tmp_path: Path) -> None:
    looks = '  }\n  expect visible "beta" at "enough"\n  expect visible points at "points"\n'
    text = TALK.replace("    highlight points.items[1]\n  }\n", "    highlight points.items[1]\n" + looks)
    text = text.replace("    at second: highlight", "    expect visible words at second\n    at second: highlight")
    marked = GERMAN.replace('-> "Zwei Punkte reichen."', '-> "Zwei Punkte {enough} reichen."')
    checked = check(str(write(tmp_path, text + marked)), DiskWorld(), language="de")
    assert not checked.diagnostics
    program = checked.program
    assert program is not None
    sightings = [each.sighting for spec in program.scenes for each in spec.expectations]
    said = [beat.narration.text for spec in program.scenes for beat in spec.beats if beat.narration is not None]
    assert len(sightings) == 2, "the phrase that is not marked is left to the original"
    first, second = sightings
    assert first is not None
    assert second is not None
    assert said[0][first.moment.offset :].startswith("Und noch")
    assert said[1][second.moment.offset :].startswith("reichen")
    assert second.text == "Beta, die zweite"


def test_what_two_translations_have_in_common_is_said_once(tmp_path: Path) -> None:
    from pvc.runtime.build.inspect import inspect
    from pvc.runtime.build.request import Request

    talk = tmp_path / "talk.vid"
    talk.write_text(
        'talk "T" { language = en }\nscene one "One" { say "Hello." }\n'
        'translation de { scene one { say "Hello." -> "" } }\n'
        'translation it { scene one { say "Hello." -> "Ciao <foo>x</foo>" } }\n'
        "translation es { }\n"
    )
    found = inspect(Request(talk, tmp_path / ".cache"), layout=False).diagnostics
    assert sorted((one.code, len(one.notes)) for one in found) == [("PVC0412", 0), ("PVC0413", 0), ("PVC0708", 1)]
