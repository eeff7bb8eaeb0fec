"""Whatever stands in a document, every answer about it is one that a client can use: places are in the text, names
within what they name, tokens apart, edits too."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from fuzz.fuzzing import mutated, seeds

from lsp.client import ROOT, Client
from lsp.laws import Laws
from pvc.lsp.positions import Encoding


def _disguised(text: str, chance: random.Random) -> str:
    """The text with other line ends, tabs, and characters of several units."""
    if chance.random() < 0.3:
        text = text.replace("\n", "\r\n")
    return chance.choice((text, text, text.replace("  ", "\t"), text.replace("e", "é").replace(" a", " 😀")))


def hold(folder: Path, encoding: Encoding, seed: int, documents: int) -> None:
    chance = random.Random(seed)
    known = [each for each in seeds() if not each[0].endswith("toml")]
    client = Client(folder, [encoding.value], options={"layout": False, "thumbnail": False, "lens": True})
    try:
        for number in range(documents):
            name, data = chance.choice(known)
            if chance.random() < 0.8:
                data = mutated(data, chance, known)
            text = _disguised(data.decode("utf-8", "replace"), chance)
            uri = client.open(f"{number}.{name.partition('.')[2]}", text)
            places = [chance.randrange(len(text) + 1) for _ in range(10)]
            assert Laws(client, uri, text, encoding).check(places) == [], text
            client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert client.stop() == 0
        assert b"Traceback" not in b"".join(client.log), b"".join(client.log).decode()
    finally:
        client.kill()


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "examples" / "attention", tmp_path / "talk"))


@pytest.mark.parametrize("encoding", list(Encoding))
def test_answers_can_be_used(talk: Path, encoding: Encoding) -> None:
    hold(talk, encoding, seed=1, documents=12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 16))
def test_many_answers_can_be_used(talk: Path, seed: int) -> None:
    hold(talk, random.Random(seed).choice(list(Encoding)), seed, 200)
