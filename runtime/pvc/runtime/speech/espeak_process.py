"""The espeak-ng child: speaks SSML that arrives on stdin, one utterance at a time. Run as a program, never imported.

Its own process for three reasons: the library is GPL-3 and stays apart from ours; what crashes it cannot take a build
down; and it must *fork for every utterance*, because a second utterance in one process comes out different from the
first (the library keeps state), while a fork after one `espeak_Initialize` is exact and costs milliseconds. A process
that forks must be small and single-threaded, so this one imports the standard library only.

Protocol: each request is a line of JSON ``{"ssml", "voices", "rate", "pitch"}``; the first of its voices that there is
speaks. Each answer is a 4-byte big-endian length, that much JSON ``{"rate", "marks": [[name, sample], ...]}`` or
``{"error", "voices"}``, then a 4-byte length and that many bytes of signed 16-bit mono PCM. The first answer, unasked,
is ``{"version", "rate"}`` with no PCM.
"""

from __future__ import annotations

import ctypes
import json
import os
import struct
import sys
from typing import Any, BinaryIO

# speak_lib.h: AUDIO_OUTPUT_SYNCHRONOUS makes no thread (a forked child of the other modes hangs); EVENT_* and flags.
AUDIO_OUTPUT_SYNCHRONOUS = 2
EVENT_LIST_TERMINATED = 0
EVENT_MARK = 3
PARAMETER_RATE, PARAMETER_PITCH = 1, 3
CHARS_UTF8, SSML, PHONEMES = 1, 0x10, 0x100


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class _Voice(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
    ]


def _load() -> tuple[Any, int]:
    import espeakng_loader  # type: ignore[import-untyped]

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Info.restype = ctypes.c_char_p
    library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
    rate = library.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    if rate <= 0:
        # Older builds of the library want the folder above its data.
        above = os.path.dirname(espeakng_loader.get_data_path())
        rate = library.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, above.encode(), 0)
    return library, rate


def _voices(library: Any) -> dict[str, str]:
    """Voices by language: the tag that people know (`en-gb`) and the identifier that the library takes (`gmw/en`)."""
    found: dict[str, str] = {}
    index = 0
    listed = library.espeak_ListVoices(None)
    while listed[index]:
        voice = listed[index].contents
        # ``languages`` is a priority byte before each zero-ended tag; the first is enough.
        found.setdefault(voice.languages[1:].decode("utf-8", "replace"), voice.identifier.decode("utf-8", "replace"))
        index += 1
    return found


def _choose(library: Any, name: str) -> bool:
    if library.espeak_SetVoiceByName(name.encode()) == 0:
        return True
    tag, plus, variant = name.partition("+")
    identifier = _voices(library).get(tag.lower())
    return identifier is not None and library.espeak_SetVoiceByName((identifier + plus + variant).encode()) == 0


def _answer(out: BinaryIO, header: dict[str, object], pcm: bytes = b"") -> None:
    encoded = json.dumps(header).encode()
    out.write(struct.pack(">I", len(encoded)) + encoded + struct.pack(">I", len(pcm)) + pcm)
    out.flush()


def _speak(library: Any, rate: int, request: dict[str, Any], out: BinaryIO) -> None:
    """Runs in the forked child: synthesise and write the answer."""
    if not any(_choose(library, name) for name in request["voices"]):
        _answer(out, {"error": f"espeak-ng has no voice '{request['voices'][0]}'", "voices": sorted(_voices(library))})
        return
    pcm = bytearray()
    marks: list[tuple[str, int]] = []

    def receive(samples: Any, count: int, events: Any) -> int:
        if count > 0 and samples:
            pcm.extend(ctypes.string_at(samples, count * 2))
        index = 0
        while events[index].type != EVENT_LIST_TERMINATED:
            event = events[index]
            if event.type == EVENT_MARK and event.id.name:
                marks.append((event.id.name.decode("utf-8", "replace"), event.sample))
            index += 1
        return 0

    callback = _CALLBACK(receive)
    library.espeak_SetSynthCallback(callback)
    library.espeak_SetParameter(PARAMETER_RATE, int(request["rate"]), 0)
    library.espeak_SetParameter(PARAMETER_PITCH, int(request["pitch"]), 0)
    text = request["ssml"].encode()
    status = library.espeak_Synth(text, len(text) + 1, 0, 1, 0, CHARS_UTF8 | SSML | PHONEMES, None, None)
    if status != 0:
        _answer(out, {"error": f"espeak-ng could not speak (status {status})", "voices": []})
        return
    _answer(out, {"rate": rate, "marks": marks}, bytes(pcm))


def main() -> None:
    library, rate = _load()
    out = sys.stdout.buffer
    _answer(out, {"version": library.espeak_Info(None).decode(), "rate": rate})
    for line in sys.stdin.buffer:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                _speak(library, rate, request, out)
                status = 0
            finally:
                os._exit(status)
        _, code = os.waitpid(child, 0)
        if code != 0:
            # The parent waits for an answer: a child that crashed inside the library gave none.
            _answer(out, {"error": f"espeak-ng crashed (status {code})", "voices": []})


if __name__ == "__main__":
    main()
