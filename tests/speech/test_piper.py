"""Piper's real loading code on a voice made here: a random ONNX model of a few kilobytes in piper's own format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pvc.compiler.check import check
from pvc.compiler.disk import DiskWorld
from pvc.compiler.model.program import Voice
from pvc.compiler.model.speech import Utterance
from pvc.runtime.errors import EngineError
from pvc.runtime.speech.engines import engine, unsupported
from pvc.runtime.speech.piper import PiperEngine

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
pytest.importorskip("piper", reason="piper-tts is not installed")

HOP = 256


def write_voice(folder: Path, name: str = "tiny") -> Path:
    """A model that sings a fixed tone for each phoneme id: ids -> a table of 2 hops -> samples, and its alignments."""
    from onnx import TensorProto, helper, numpy_helper

    symbols = ["_", "^", "$", " ", *"abcdefghijklmnopqrstuvwxyzæðŋɐɑɒɔəɚɛɜɡɪɹɾʃʊʌʒˈˌːθ,.ᵻoʔ"]
    table = np.stack(
        [0.3 * np.sin(2 * np.pi * (100 + 20 * k) * np.arange(2 * HOP) / 22_050) for k in range(len(symbols))]
    ).astype(np.float32)
    table[:3] = 0
    nodes = [
        helper.make_node("Gather", ["table", "input"], ["spread"], axis=0),
        helper.make_node("Reshape", ["spread", "shape"], ["output"]),
        helper.make_node("Cast", ["input"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["floats", "zero"], ["zeros"]),
        helper.make_node("Add", ["zeros", "two"], ["w_ceil"]),
        helper.make_node("ReduceSum", ["scales"], ["unused"], keepdims=0),
        helper.make_node("Identity", ["input_lengths"], ["unused_lengths"]),
    ]
    graph = helper.make_graph(
        nodes,
        "voice",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, [1, "t"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        [
            helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "n"]),
            helper.make_tensor_value_info("w_ceil", TensorProto.FLOAT, [1, "t"]),
        ],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.array([1, 1, 1, -1], dtype=np.int64), "shape"),
            numpy_helper.from_array(np.array(0, dtype=np.float32), "zero"),
            numpy_helper.from_array(np.array(2, dtype=np.float32), "two"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    path = folder / f"{name}.onnx"
    onnx.save(model, str(path))
    configuration = {
        "audio": {"sample_rate": 22_050},
        "espeak": {"voice": "en-us"},
        "phoneme_type": "espeak",
        "num_symbols": len(symbols),
        "num_speakers": 1,
        "hop_length": HOP,
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": {symbol: [index] for index, symbol in enumerate(symbols)},
    }
    path.with_name(path.name + ".json").write_text(json.dumps(configuration), "utf-8")
    return path


@pytest.fixture
def piper() -> Iterator[PiperEngine]:
    made = PiperEngine()
    yield made
    made.close()


def said(text: str, model: Path | str) -> Utterance:
    return Utterance(text, (), (), Voice("v", "piper", (("model", str(model)),)), "en")


def test_a_voice_file_speaks_and_its_alignments_become_word_times(piper: PiperEngine, tmp_path: Path) -> None:
    text = "one simple score"
    utterance = said(text, write_voice(tmp_path))
    speech = piper.synthesize(utterance)
    assert speech.samples.size > 48_000 // 10
    assert not speech.estimated
    assert [text[word.start : word.end] for word in speech.words] == text.split()
    assert speech.words[0].begin < speech.words[1].begin < speech.words[2].begin
    again = piper.synthesize(utterance)
    assert np.array_equal(speech.samples, again.samples)


def test_the_model_is_part_of_the_identity_and_its_path_is_not(piper: PiperEngine, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = write_voice(tmp_path / "a"), write_voice(tmp_path / "b", "other")
    assert piper.identity(said("x", first)) == piper.identity(said("x", second))
    second.write_bytes(second.read_bytes() + b"\0")
    assert piper.identity(said("x", first)) != piper.identity(said("x", second))


def test_a_voice_is_found_by_name_in_the_voices_folder(
    piper: PiperEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_voice(tmp_path, "named")
    monkeypatch.setenv("PVC_VOICES", str(tmp_path))
    assert piper.synthesize(said("hello", "named")).samples.size > 0


def test_a_missing_voice_says_where_it_was_looked_for(piper: PiperEngine, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        piper.synthesize(said("hello", "no-such-voice"))
    assert caught.value.code == "PVC0804"
    assert "no-such-voice.onnx" in (caught.value.hint or "")


def test_a_file_that_is_no_voice_is_an_error_that_names_it(piper: PiperEngine, tmp_path: Path) -> None:
    (tmp_path / "bad.onnx").write_bytes(b"not a model")
    (tmp_path / "bad.onnx.json").write_text("{}", "utf-8")
    with pytest.raises(EngineError) as caught:
        piper.synthesize(said("hello", tmp_path / "bad.onnx"))
    assert caught.value.code == "PVC0802"
    assert "bad.onnx" in caught.value.message


def test_an_unknown_engine_is_an_error_that_lists_the_known() -> None:
    with pytest.raises(EngineError) as caught:
        engine("festival-of-voices")
    assert "espeak, piper" in (caught.value.hint or "")


@pytest.mark.parametrize(("voice", "kinds"), [("espeak", []), ("piper", ["break", "phoneme"])])
def test_what_a_voice_does_not_honour_is_a_warning(tmp_path: Path, voice: str, kinds: list[str]) -> None:
    talk = tmp_path / "talk.vid"
    called = "espeak()" if voice == "espeak" else 'piper(model: "tiny")'
    talk.write_text(
        f'talk "T" {{ voice = v }}\nvoice v = {called}\n'
        "scene s \"S\" {\n  say \"One <break 300ms> <phoneme 'tu'>two</phoneme> and <sub 'three'>3</sub>.\" {\n"
        '    show heading("H")\n  }\n}\n',
        "utf-8",
    )
    write_voice(tmp_path)
    program = check(str(talk), DiskWorld()).program
    assert program is not None
    found = unsupported(program)
    assert [each.code for each in found] == ["PVC0805"] * len(kinds)
    assert all(f"<{kind}>" in each.message for kind, each in zip(kinds, found, strict=True))
    assert all(each.span is not None for each in found)
