"""The lines above talks and scenes, for clients that have the commands."""

from __future__ import annotations

from pathlib import Path

from lsp.client import Client

TALK = 'talk "T" { }\n\n/// Why.\nscene one "One" {\n  say "Hello there." { show title("Hi") }\n}\n'


def lenses(client: Client, uri: str) -> list[tuple[int, str, str, object]]:
    found = client.ask("textDocument/codeLens", {"textDocument": {"uri": uri}})
    return [
        (each["range"]["start"]["line"], *(each["command"].get(key) for key in ("title", "command", "arguments")))
        for each in found
    ]


def test_a_talk_is_built_and_a_scene_previewed(tmp_path: Path) -> None:
    client = Client(tmp_path, options={"lens": True})
    try:
        uri = client.open("talk.vid", TALK)
        found = lenses(client, uri)
        assert (0, "▶ Build", "pvc.build", [uri]) in found
        assert (3, "Preview", "pvc.preview", [uri, "scene:one"]) in found
        told = [title for line, title, command, _ in found if line == 3 and not command]
        assert told[0].startswith("0:00.0 +")
        client.edit(uri, {"text": TALK + "scene two {"})
        assert (6, "Preview", "pvc.preview", [uri, "scene:two"]) in lenses(client, uri)
    finally:
        client.kill()


def test_a_scene_that_is_not_played_has_no_preview(tmp_path: Path) -> None:
    client = Client(tmp_path, options={"lens": True})
    try:
        text = TALK.replace("{ }", "{ audience = expert }") + '\nscene two if audience != expert { say "Well." }\n'
        uri = client.open("talk.vid", text)
        assert [each[1:3] for each in lenses(client, uri) if each[0] == 7] == [("not in this film", "")]
        client.edit(uri, {"text": text.replace("!=", "==")})
        assert (7, "Preview", "pvc.preview", [uri, "scene:two"]) in lenses(client, uri)
    finally:
        client.kill()


def test_a_client_without_the_commands_gets_none_until_it_asks(tmp_path: Path) -> None:
    client = Client(tmp_path, options={"lens": "nonsense"})
    try:
        uri = client.open("talk.vid", TALK)
        assert lenses(client, uri) == []
        client.tell("workspace/didChangeConfiguration", {"settings": {"pvc": {"lens": True}}})
        assert lenses(client, uri)
        client.tell("workspace/didChangeConfiguration", {"settings": None})
        client.tell("workspace/didChangeConfiguration", {"settings": {"pvc": {"lens": False}}})
        assert lenses(client, uri) == []
    finally:
        client.kill()


def test_the_first_of_the_scenes_that_rows_make_is_previewed(tmp_path: Path) -> None:
    client = Client(tmp_path, options={"lens": True})
    try:
        rows = 'scene of "Of {row.name}" for row in [{ name: "Ada" }, { name: "Bob" }] by row.name'
        text = f'talk "T" {{ }}\n{rows} {{\n  say "Now {{row.name}}."\n}}\nscene no if false {{\n  say "No."\n}}\n'
        uri = client.open("talk.vid", text)
        assert client.diagnostics(uri) == []
        found = lenses(client, uri)
        assert (1, "Preview", "pvc.preview", [uri, "scene:of[Ada]"]) in found
        assert [each[1:3] for each in found if each[0] == 4] == [("not in this film", "")]
    finally:
        client.kill()
