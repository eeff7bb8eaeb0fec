"""Components made of other visuals in an editor: what a name in a body means, and what a card is made of."""

from __future__ import annotations

from lsp.client import Client, place, span

TALK = """talk "Cards" { format = 1080p30 }

/// A formula on a card.
component card(
  /// What to show.
  formula: tex,
  meaning: text = "",
) {
  column {
    fill = theme.surface
    let eq = equation(formula)
    show eq
    for word in [meaning] {
      show text(word) as label
      part labels by word = label
    }
  }
  part shown = eq "the formula"
}

scene one "One" {
  let first = card(tex`a + b`, meaning: "A sum")
  say "One {a} sum." {
    show first
    at a: highlight first.shown[tex`a`]
  }
}
"""


def test_names_of_a_body(client: Client) -> None:
    uri = client.open("cards.vid", TALK)
    assert client.diagnostics(uri) == []

    def asked(method: str, needle: str, nth: int = 1) -> object:
        return client.ask(f"textDocument/{method}", client.at(uri, *place(TALK, needle, nth=nth)))

    hovered = asked("hover", "card(", 2)
    assert isinstance(hovered, dict)
    text = hovered["contents"]["value"]
    assert "formula: tex" in text
    assert "`shown` (the formula)" in text
    assert "`labels[text]`" in text
    found = asked("definition", 'eq "the formula')
    assert span(TALK, found["range"] if isinstance(found, dict) else found[0]["range"]) == "eq"  # type: ignore[index]
    found = asked("definition", "formula)")
    assert span(TALK, found["range"] if isinstance(found, dict) else found[0]["range"]) == "formula"  # type: ignore[index]
    renamed = client.ask("textDocument/rename", {**client.at(uri, *place(TALK, "formula)")), "newName": "what"})
    edits = renamed["changes"][uri] if "changes" in renamed else renamed["documentChanges"][0]["edits"]
    assert len(edits) == 2


def test_parts_are_completed(client: Client) -> None:
    uri = client.open("cards.vid", TALK)
    client.diagnostics(uri)
    found = client.ask("textDocument/completion", client.at(uri, *place(TALK, "highlight first.", True)))
    offered = {item["label"] for item in found["items"]}
    assert {"shown", "labels"} <= offered
