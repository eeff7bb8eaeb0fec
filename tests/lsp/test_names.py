"""Names across the blocks and files of a talk: translations, components' own parameters, citations."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from lsp.client import Client, place, span
from lsp.test_features import applied
from pvc.compiler.syntax.spelling import convert

TALK = """talk "T" { }

/// See https://example.org/paper and doi:10.1000/182, or arXiv:1706.03762.
scene opening "Opening" {
  say "Every query {scores} meets every key." {
    show title("One") as words
    at scores: highlight words
  }
  say "Other {scores} too." { at scores: hide words }
}

scene second "Second" {
  say "Again {scores} here." {
    show title("Two") as words
    at scores: highlight words
  }
}

translation de {
  scene opening "Anfang" {
    say "Every query {scores} meets every key." -> "Jede Frage {scores} trifft jeden Wert."
    say "Other {scores} too." -> "Andere {scores} auch."
  }
  scene second "Zweitens" {
    say "Again {scores} here." -> "Wieder {scores} hier."
  }
}
"""


def renamed(client: Client, uri: str, text: str, needle: str, to: str, nth: int = 1) -> str:
    asked = {**client.at(uri, *place(text, needle, nth=nth)), "newName": to}
    return applied(text, client.ask("textDocument/rename", asked)["changes"][uri])


def both(name: str, text: str = TALK) -> str:
    return convert(text, "talk.vid", name).text


def test_a_cue_is_renamed_in_its_translation_too_and_nowhere_else(client: Client) -> None:
    for name in ("t.vid", "t.vid.yaml"):
        text = both(name)
        uri = client.open(name, text)
        assert client.diagnostics(uri) == []
        done = renamed(client, uri, text, "scores", "marks")
        bounds = [0, text.index("Other"), text.index("kind: translation" if "yaml" in name else "translation de")]
        bounds += [text.index("Other", bounds[2]), len(text)]
        parts = [text[low:high] for low, high in pairwise(bounds)]
        assert done == "".join(
            (parts[0].replace("scores", "marks"), parts[1], parts[2].replace("scores", "marks"), parts[3])
        )
        # The same from the other end.
        last = sum(part.count("scores") for part in parts[:3])
        assert renamed(client, uri, text, "scores", "marks", nth=last) == done
        client.edit(uri, {"text": done})
        assert client.diagnostics(uri) == []


def test_a_scene_is_renamed_in_its_translation(client: Client) -> None:
    for name in ("t.vid", "t.vid.yaml"):
        text = both(name)
        uri = client.open(name, text)
        done = renamed(client, uri, text, "opening", "start")
        assert done == text.replace("opening", "start"), name
        found = client.ask("textDocument/definition", client.at(uri, *place(text, "opening", nth=2)))
        assert found["range"]["start"]["line"] == place(text, "opening")[0]


def test_addresses_can_be_opened(client: Client) -> None:
    uri = client.open("t.vid", TALK)
    found = client.ask("textDocument/documentLink", {"textDocument": {"uri": uri}})
    links: dict[str, Any] = {span(TALK, each["range"]): each["target"] for each in found}
    assert links == {
        "https://example.org/paper": "https://example.org/paper",
        "10.1000/182": "https://doi.org/10.1000/182",
        "1706.03762": "https://arxiv.org/abs/1706.03762",
    }


def test_colours_are_offered_as_they_can_be_written(client: Client) -> None:
    text = TALK.replace("highlight words", "highlight words color #1e90ff")
    uri = client.open("t.vid", text)
    (swatch, _) = client.ask("textDocument/documentColor", {"textDocument": {"uri": uri}})
    assert span(text, swatch["range"]) == "#1e90ff"
    asked = {"textDocument": {"uri": uri}, "range": swatch["range"]}
    plain = client.ask("textDocument/colorPresentation", {**asked, "color": swatch["color"]})
    assert [each["label"] for each in plain] == ["#1e90ff"]
    half = client.ask("textDocument/colorPresentation", {**asked, "color": {**swatch["color"], "alpha": 0.5}})
    assert [each["label"] for each in half] == ["#1e90ff80"]


def test_a_parameter_is_found_from_the_call_and_renamed_with_it(client: Client) -> None:
    text = (
        'talk "T" { }\ncomponent big(words: text, scale: number = 2) { layout = "title" }\n'
        'scene a "A" {\n  say "Hi there." { show big(words: "Hi") }\n}\n'
    )
    for name in ("t.vid", "t.vid.yaml"):
        spelt = both(name, text)
        uri = client.open(name, spelt)
        done = renamed(client, uri, spelt, 'words: "Hi"', "lines")
        assert done == spelt.replace("words", "lines"), name


TRANSLATED_ROWS = """talk "T" { }

let best = { name: "Ada" }

scene result "Of {row.name}" for row in [{ name: "A", points: 1 }, { name: "B", points: 2 }] by row.name {
  say "Here {row.name} has {row.points} points."
  for inner in [{ name: "x" }, { name: "y" }] {
    say "And {inner.name} of {row.name} is below {best.name}."
  }
}

translation de {
  scene result "Von {row.name}" {
    say "Here {row.name} has {row.points} points." -> "Hier hat {row.name} nun {row.points} Punkte."
    say "And {inner.name} of {row.name} is below {best.name}."
      -> "Und {inner.name} von {row.name} ist unter {best.name}."
  }
}
"""


def test_what_values_of_a_translation_name_is_renamed_with_it(client: Client) -> None:
    for name in ("values.vid", "values.vid.yaml"):
        text = both(name, TRANSLATED_ROWS)
        uri = client.open(name, text)
        assert client.diagnostics(uri) == []
        for old in ("row", "inner", "best"):
            done = renamed(client, uri, text, f"{old}.name", "other")
            expected = text.replace(f"{old}.", "other.")
            for head in (f"for {old} in", f"let {old} =", f"variable: {old}", f"value: {old}", f"name: {old}\n"):
                expected = expected.replace(head, head.replace(old, "other"))
            assert done == expected, name
            # The same from inside of the translation.
            assert renamed(client, uri, text, f"{old}.name", "other", nth=text.count(f"{old}.name")) == done
            client.edit(uri, {"text": done})
            assert client.diagnostics(uri) == []
            client.edit(uri, {"text": text})


def test_a_translation_in_a_file_of_its_own_is_renamed_with_the_talk(client: Client, tmp_path: Path) -> None:
    head, _, rest = TRANSLATED_ROWS.partition("\ntranslation de")
    other = "translation de" + rest
    (tmp_path / "talk" / "talk_de.vid").write_text(other, encoding="utf-8")
    text = head.replace('talk "T" { }', 'talk "T" { }\n\nuse "./talk_de.vid"')
    uri = client.open("talk.vid", text)
    assert client.diagnostics(uri) == []
    asked = {**client.at(uri, *place(text, "row.points")), "newName": "other"}
    changes = client.ask("textDocument/rename", asked)["changes"]
    (there,) = [each for each in changes if each.endswith("talk_de.vid")]
    assert applied(other, changes[there]) == other.replace("row.", "other.")


ROWS = """talk "T" { }

data scores = csv("scores.csv") { model: text, score: number }

scene result "Of {row.model}" for row in scores by row.model if row.score > 1 {
  say "The {row.model} is {row} good." {
    at row: show text(row.model)
  }
}
"""


def test_the_variable_of_a_scene_is_renamed_in_its_head_its_title_and_its_narrations(client: Client) -> None:
    for name in ("rows.vid", "rows.vid.yaml"):
        text = both(name, ROWS)
        uri = client.open(name, text)
        done = renamed(client, uri, text, "row.model", "one", nth=2)
        # The cue `{row}` is another name, and so is the anchor that hangs on it.
        assert done.count("one.model") == text.count("row.model"), done
        assert "one.score" in done
        assert "{row} good" in done
        assert done.count("row") == text.count("row") - text.count("row.") - 1, done
