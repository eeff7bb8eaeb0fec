"""The picture of a frame in a hover: painted beside the server, shown once it is there."""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from PIL import Image

from lsp.client import PARTS, ROOT, Client, place

PATHS = [str(ROOT / part) for part in PARTS]

TALK = (
    'talk "T" { theme = paper }\nscene a "A" {\n  say "Hello there, everybody." {\n'
    '    show title("Big words")\n  }\n}\n'
)


def hover(client: Client, uri: str, needle: str) -> str:
    found = client.ask("textDocument/hover", client.at(uri, *place(TALK, needle)))
    return str(found["contents"]["value"])


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PVC_CACHE_DIR", str(tmp_path / "cache"))


def test_a_saved_talk_has_pictures_after_a_while(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    client = Client(tmp_path, options={"thumbnail": True})
    try:
        uri = client.open("talk.vid", TALK)
        begin = time.monotonic()
        assert "data:image" not in hover(client, uri, "show title")
        assert time.monotonic() - begin < 5, "a hover does not wait for its picture"
        found = None
        while found is None and time.monotonic() - begin < 60:
            time.sleep(0.2)
            found = re.search(r"!\[line 4\]\(data:image/jpeg;base64,([^)]+)\)", hover(client, uri, "show title"))
        assert found is not None
        with Image.open(io.BytesIO(base64.b64decode(found[1]))) as picture:
            assert picture.size == (480, 270)
            assert len(picture.convert("L").getcolors(256) or []) > 8, "a page with words on it"
        client.edit(uri, {"text": TALK.replace("Big", "New")})
        assert "data:image" not in hover(client, uri, "show title"), "what is not saved has no picture"
        client.edit(uri, {"text": TALK})
        assert "data:image" in hover(client, uri, "show title")
        client.tell("workspace/didChangeConfiguration", {"settings": {"pvc": {"thumbnail": False}}})
        assert "data:image" not in hover(client, uri, "show title")
        assert client.stop() == 0
    finally:
        client.kill()


def test_a_talk_that_cannot_be_painted_has_no_picture_and_no_noise(tmp_path: Path) -> None:
    broken = TALK.replace('title("Big words")', 'image("gone.png")')
    (tmp_path / "talk.vid").write_text(broken)
    client = Client(tmp_path, options={"thumbnail": True})
    try:
        uri = client.open("talk.vid", broken)
        for _ in range(20):
            assert "data:image" not in hover(client, uri, "Hello")
            time.sleep(0.1)
        assert b"Traceback" not in b"".join(client.log)
        assert client.broken is None
    finally:
        client.kill()


def test_editors_that_cannot_show_pictures_get_none(tmp_path: Path) -> None:
    """A picture in a hover is an address of many characters: only who asks for it gets it."""
    (tmp_path / "talk.vid").write_text(TALK)
    client = Client(tmp_path)
    try:
        uri = client.open("talk.vid", TALK)
        for _ in range(15):
            assert "data:" not in hover(client, uri, "show title")
            assert not psutil.Process(client.process.pid).children()
            time.sleep(0.02)
    finally:
        client.kill()


def test_no_picture_is_painted_for_a_server_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "talk.vid").write_text(TALK)
    target = tmp_path / "frame.jpg"
    command = [sys.executable, "-m", "pvc.lsp.thumbnail", str(tmp_path / "talk.vid"), "4", str(target)]
    painter = subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, "PYTHONPATH": os.pathsep.join(PATHS)})
    assert painter.stdin is not None
    painter.stdin.close()
    assert painter.wait(20) == 1
    assert not target.exists()
