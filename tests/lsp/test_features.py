"""What the server answers about a talk, asked over its pipes."""

from __future__ import annotations

from typing import Any

import pytest

from lsp.client import ROOT, Client, place, span

TALK = (ROOT / "examples" / "attention" / "talk.vid").read_text()


def labels(client: Client, uri: str, text: str, needle: str, nth: int = 1) -> list[str]:
    found = client.ask("textDocument/completion", client.at(uri, *place(text, needle, True, nth)))
    return [item["label"] for item in found["items"]]


def hover(client: Client, uri: str, needle: str) -> str:
    found = client.ask("textDocument/hover", client.at(uri, *place(TALK, needle)))
    return str(found["contents"]["value"])


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    """A text after edits of which none reaches into another (ASCII)."""
    lines = [0]
    for line in text.split("\n"):
        lines.append(lines[-1] + len(line) + 1)
    for edit in sorted(edits, key=lambda each: tuple(each["range"]["start"].values()), reverse=True):
        start, end = (lines[edit["range"][key]["line"]] + edit["range"][key]["character"] for key in ("start", "end"))
        text = text[:start] + edit["newText"] + text[end:]
    return text


def test_a_clean_talk_has_no_findings_and_a_broken_one_has_those_of_check(client: Client) -> None:
    uri = client.open("talk.vid", TALK)
    assert client.diagnostics(uri) == []
    broken = TALK.replace("at compare:", "at compere:")
    client.edit(uri, {"text": broken})
    found = {each["code"]: each for each in client.diagnostics(uri)}
    assert set(found) == {"PVC0401"}
    assert span(broken, found["PVC0401"]["range"]) == "compere"
    assert "did you mean" in found["PVC0401"]["message"]
    related = found["PVC0401"]["relatedInformation"][0]
    assert related["location"]["uri"] == uri
    actions = client.ask(
        "textDocument/codeAction",
        {"textDocument": {"uri": uri}, "range": found["PVC0401"]["range"], "context": {"diagnostics": []}},
    )
    edits = actions[0]["edit"]["changes"][uri]
    assert applied(broken, edits) == TALK
    client.edit(uri, {"text": TALK})
    assert client.diagnostics(uri) == []


def test_hover_tells_documentation_and_times(client: Client) -> None:
    uri = client.open("talk.vid", TALK)
    assert "Holds `bar`, `line`" in hover(client, uri, "charts.line")
    assert "diagrams.flow" in hover(client, uri, "steps.nodes")
    assert "`highlight` at about 0:" in hover(client, uri, "steps.nodes")
    assert "A column that splits the rows into lines." in hover(client, uri, "series: scores")
    assert "16 rows of `size`" in hover(client, uri, "sharpness,")
    assert "words" in hover(client, uri, "Take a query")
    assert "`midnight` (dark)" in hover(client, uri, "theme    =")


@pytest.mark.parametrize(
    ("needle", "expected"),
    [
        ("at scores: h", "highlight"),
        ("color  = theme.", "warm"),
        ("charts.line(", "x_label"),
        ("highlight steps.", "nodes"),
        ("highlight measured.", "lines"),
        ('latex("', "data"),
        ("tex`\\ope", "\\operatorname"),
        ("show attention with ", "write"),
        ("    at ", "compare"),
        ("format   = ", "1080p30"),
        ("let steps = diagrams.", "flow"),
        ("    from ", "note"),
    ],
)
def test_completion(client: Client, needle: str, expected: str) -> None:
    uri = client.open("talk.vid", TALK)
    assert expected in labels(client, uri, TALK, needle)


def test_completion_in_a_file_that_is_being_written(client: Client) -> None:
    uri = client.open("talk.vid", TALK)
    client.diagnostics(uri)
    half = (
        TALK
        + 'scene more "More" {\n  let eq = equation(tex`x`)\n  say "Now {here} this." {\n    at here: highlight eq.'
    )
    client.edit(uri, {"text": half})
    assert "tex" in labels(client, uri, half, "highlight eq.")
    assert labels(client, uri, half, "at ", nth=half.count("at ")) == ["here"]
    half = half.replace("at here: highlight eq.", "show eq\n    zoom camera to ")
    client.edit(uri, {"text": half})
    assert labels(client, uri, half, "zoom ") == ["camera"]
    assert "eq" in labels(client, uri, half, "camera to ")


def test_signature_help_follows_the_arguments(client: Client) -> None:
    uri = client.open("talk.vid", TALK)
    found = client.ask("textDocument/signatureHelp", client.at(uri, *place(TALK, "y: weight", True)))
    signature = found["signatures"][0]
    assert signature["label"].startswith("charts.line(data: table")
    assert signature["parameters"][found["activeParameter"]]["label"].startswith("y: ")


def test_a_cue_is_renamed_with_its_anchor_only(client: Client) -> None:
    uri = client.open("talk.vid", TALK)
    where = client.at(uri, *place(TALK, "scores: highlight"))
    edits = client.ask("textDocument/rename", {**where, "newName": "points"})["changes"][uri]
    renamed = applied(TALK, edits)
    assert renamed == TALK.replace("gives {scores} a", "gives {points} a").replace("at scores:", "at points:")
    assert "error" in client.answer("textDocument/rename", {**where, "newName": "mix"})
    assert "error" in client.answer("textDocument/rename", {**where, "newName": "not a name"})


def test_references_and_renames_go_through_used_files(client: Client) -> None:
    brand = '/// Ours.\ntheme brand extends midnight {\n  colors { accent = #ff8800 }\n}\nlet motto = "Look twice"\n'
    talk = (
        'talk "T" { theme = house.brand }\nuse "./brand.vid" as house\n'
        'scene a "A" {\n  say "Hello there." { show title(house.motto) }\n}\n'
    )
    (client.folder / "brand.vid").write_text(brand)
    uri = client.open("other.vid", talk)
    assert client.diagnostics(uri) == []
    found = client.ask("textDocument/definition", client.at(uri, *place(talk, "motto")))
    assert found["uri"] == client.uri("brand.vid")
    assert span(brand, found["range"]) == "motto"
    changes = client.ask("textDocument/rename", {**client.at(uri, *place(talk, "motto")), "newName": "slogan"})
    by_file = changes["changes"]
    assert applied(brand, by_file[client.uri("brand.vid")]) == brand.replace("motto", "slogan")
    assert applied(talk, by_file[uri]) == talk.replace("motto", "slogan")
    # The module is opened, and edited: the talk that uses it is checked anew.
    client.notes.clear()
    module = client.open("brand.vid", brand.replace("motto", "slogan"))
    assert {each["code"] for each in client.diagnostics(uri)} == {"PVC0211"}
    assert client.diagnostics(module) == []


def test_formatting_gives_what_fmt_gives(client: Client) -> None:
    from pvc.compiler.syntax.format import format_text

    uri = client.open("talk.vid", TALK)
    edits = client.ask(
        "textDocument/formatting", {"textDocument": {"uri": uri}, "options": {"tabSize": 2, "insertSpaces": True}}
    )
    assert applied(TALK, edits) == format_text(TALK, "talk.vid").text


def test_outline_folds_hints_colours_links_and_tokens(client: Client) -> None:
    uri = client.open("talk.vid", TALK)
    document = {"textDocument": {"uri": uri}}
    outline = client.ask("textDocument/documentSymbol", document)
    scenes = [each for each in outline if each["detail" if "detail" in each else "name"] == "A soft look-up"]
    assert scenes[0]["children"][0]["name"] == "steps"
    folds = client.ask("textDocument/foldingRange", document)
    assert {"startLine", "endLine"} <= set(folds[0])
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 10_000, "character": 0}}
    hints = client.ask("textDocument/inlayHint", {**document, "range": everything})
    assert len(hints) == TALK.count("  say ")
    assert hints[0]["label"].startswith("0:00.0 +")
    colours = client.ask("textDocument/documentColor", document)
    assert span(TALK, colours[0]["range"]) == "theme.cool"
    links = {span(TALK, each["range"]): each["target"] for each in client.ask("textDocument/documentLink", document)}
    assert links["paper/main.tex"] == client.uri("paper/main.tex")
    data = client.ask("textDocument/semanticTokens/full", document)["data"]
    assert len(data) % 5 == 0
    legend = client.capabilities["semanticTokensProvider"]["legend"]["tokenTypes"]
    line = column = 0
    seen: dict[str, str] = {}
    lines = TALK.split("\n")
    for at in range(0, len(data), 5):
        column = data[at + 1] + (column if data[at] == 0 else 0)
        line += data[at]
        seen[lines[line][column : column + data[at + 2]]] = legend[data[at + 3]]
    assert (seen["highlight"], seen["flow"], seen["steps"]) == ("function", "class", "variable")
