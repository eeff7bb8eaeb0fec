"""The YAML twin in an editor: the same names, times and findings, where they stand in the YAML."""

from __future__ import annotations

from typing import Any

from lsp.client import ROOT, Client, place, span
from lsp.test_features import applied
from pvc.compiler.syntax.spelling import convert

SOURCE = (ROOT / "examples" / "attention" / "talk.vid").read_text(encoding="utf-8")
TWIN = convert(SOURCE, "talk.vid", "talk.vid.yaml").text


def opened(client: Client, text: str = TWIN) -> str:
    return client.open("talk.vid.yaml", text)


def everywhere(text: str) -> dict[str, Any]:
    return {"start": {"line": 0, "character": 0}, "end": {"line": text.count("\n") + 1, "character": 0}}


def test_a_twin_has_the_findings_of_its_talk(client: Client) -> None:
    uri = opened(client)
    assert client.diagnostics(uri) == []
    broken = TWIN.replace("target: compare", "target: compere")
    assert broken != TWIN
    client.edit(uri, {"text": broken})
    found = {each["code"]: each for each in client.diagnostics(uri)}
    assert span(broken, found["PVC0401"]["range"]) == "compere"
    actions = client.ask(
        "textDocument/codeAction",
        {"textDocument": {"uri": uri}, "range": found["PVC0401"]["range"], "context": {"diagnostics": []}},
    )
    assert applied(broken, actions[0]["edit"]["changes"][uri]) == TWIN


def test_hovers_tell_what_names_are_and_when_things_happen(client: Client) -> None:
    uri = opened(client)

    def hover(needle: str, nth: int = 1) -> tuple[str, str]:
        found = client.ask("textDocument/hover", client.at(uri, *place(TWIN, needle, nth=nth)))
        return str(found["contents"]["value"]), span(TWIN, found["range"])

    text, marked = hover("charts.line(")
    assert ("Holds `bar`" in text, marked) == (True, "charts")
    assert "diagrams.flow" in hover("steps.nodes")[0]
    assert "16 rows of `size`" in hover("sharpness,")[0]
    assert hover("highlight")[1] == "highlight"
    assert "`midnight` (dark)" in hover("theme\n")[0]
    assert "words" in hover("Take a query")[0]


def test_cues_visuals_and_parameters_are_renamed(client: Client) -> None:
    uri = opened(client)
    where = client.at(uri, *place(TWIN, "target: compare", behind=True))
    edits = client.ask("textDocument/rename", {**where, "newName": "match"})["changes"][uri]
    renamed = applied(TWIN, edits)
    assert renamed == TWIN.replace("{compare}", "{match}").replace("target: compare", "target: match")
    where = client.at(uri, *place(TWIN, "steps.nodes"))
    renamed = applied(TWIN, client.ask("textDocument/rename", {**where, "newName": "stages"})["changes"][uri])
    vid = convert(renamed, "talk.vid.yaml", "talk.vid").text
    assert "let stages = diagrams.flow(" in vid
    assert "steps.nodes" not in vid
    client.edit(uri, {"text": renamed})
    assert client.diagnostics(uri) == []


def test_definitions_and_references(client: Client) -> None:
    uri = opened(client)
    where = client.at(uri, *place(TWIN, "sharpness,"))
    found = client.ask("textDocument/definition", where)
    assert found["uri"] == uri
    assert span(TWIN, found["range"]) == "sharpness"
    assert found["range"]["start"]["line"] == place(TWIN, "name: sharpness")[0]
    uses = client.ask("textDocument/references", {**where, "context": {"includeDeclaration": True}})
    assert {span(TWIN, each["range"]) for each in uses} == {"sharpness"}
    assert len(uses) >= 2


def test_tokens_outline_folds_hints_links_and_colours(client: Client) -> None:
    uri = opened(client)
    document = {"textDocument": {"uri": uri}}
    data = client.ask("textDocument/semanticTokens/full", document)["data"]
    legend = client.capabilities["semanticTokensProvider"]["legend"]["tokenTypes"]
    lines = TWIN.split("\n")
    line = column = 0
    seen: dict[str, set[str]] = {}
    for at in range(0, len(data), 5):
        column = data[at + 1] + (column if data[at] == 0 else 0)
        line += data[at]
        word = lines[line][column : column + data[at + 2]]
        seen.setdefault(word, set()).add(legend[data[at + 3]])
    assert "function" in seen["highlight"]
    assert seen["compare"] == {"label"}
    assert "variable" in seen["steps"]
    assert "class" in seen["flow"]
    outline = client.ask("textDocument/documentSymbol", document)
    scene = next(each for each in outline if each.get("detail") == "A soft look-up")
    assert span(TWIN, scene["selectionRange"]) == "lookup"
    folds = client.ask("textDocument/foldingRange", document)
    assert any(lines[each["startLine"]].startswith("- kind: scene") for each in folds)
    hints = client.ask("textDocument/inlayHint", {**document, "range": everywhere(TWIN)})
    assert len(hints) == TWIN.count("kind: say\n")
    links = {span(TWIN, each["range"]) for each in client.ask("textDocument/documentLink", document)}
    assert {"paper/main.tex", "data/sharpness.csv"} <= links
    colours = client.ask("textDocument/documentColor", document)
    assert "theme.cool" in {span(TWIN, each["range"]) for each in colours}


def test_formatting_gives_what_fmt_gives(client: Client) -> None:
    loose = TWIN.replace("- kind: use\n  module: std.charts\n", "- {kind: use,   module: std.charts}\n")
    uri = opened(client, loose)
    asked = {"textDocument": {"uri": uri}, "options": {"tabSize": 2, "insertSpaces": True}}
    assert applied(loose, client.ask("textDocument/formatting", asked)) == TWIN
    client.edit(uri, {"text": loose + "  bad: [\n"})
    assert client.ask("textDocument/formatting", asked) == []
