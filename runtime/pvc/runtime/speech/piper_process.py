"""The piper child: neural speech from a voice's ONNX file. Run as a program, never imported (piper-tts is GPL-3).

Protocol as in `espeak_process.py`; a request is ``{"text", "noise", "noise_w", "length"}``, the marks of an answer are
``[k, sample]`` for the k-th *spoken* word where the voice's model reports alignments, else there are none.
Arguments: the model's file and its configuration.
"""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path
from typing import Any


def _answer(header: dict[str, object], pcm: bytes = b"") -> None:
    encoded = json.dumps(header).encode()
    out = sys.stdout.buffer
    out.write(struct.pack(">I", len(encoded)) + encoded + struct.pack(">I", len(pcm)) + pcm)
    out.flush()


def _speak(voice: Any, request: dict[str, Any]) -> tuple[dict[str, object], bytes]:
    from piper import SynthesisConfig

    settings = SynthesisConfig(
        length_scale=request["length"],
        noise_scale=request["noise"],
        noise_w_scale=request["noise_w"],
        normalize_audio=False,
    )
    pcm = bytearray()
    marks: list[tuple[int, int]] = []
    word, known = 0, True
    for chunk in voice.synthesize(request["text"], settings, include_alignments=True):
        alignments = chunk.phoneme_alignments
        position = len(pcm) // 2
        known = known and bool(alignments)
        inside = False
        for aligned in alignments or ():
            # Espeak's phonemes come with a space between words; `^` and `$` are the sentence's ends.
            if aligned.phoneme == " ":
                inside = False
            elif not inside and aligned.phoneme not in "^$_":
                marks.append((word, position))
                word, inside = word + 1, True
            position += int(aligned.num_samples)
        pcm.extend(chunk.audio_int16_bytes)
    return {"rate": voice.config.sample_rate, "marks": marks if known else []}, bytes(pcm)


def main() -> None:
    model, configuration = sys.argv[1], sys.argv[2]
    try:
        from piper import PiperVoice

        voice = PiperVoice.load(model, configuration, include_alignments=True)
    except ImportError as error:
        sys.exit(f"piper-tts is not installed ({error}); pip install 'paper-video-compiler[piper]'")
    except Exception as error:  # the loader's own errors are many and undocumented; all mean the same to the user
        sys.exit(f"{Path(model).name} is no piper voice ({error})")
    _answer({"version": "piper", "rate": voice.config.sample_rate})
    for line in sys.stdin.buffer:
        try:
            header, pcm = _speak(voice, json.loads(line))
        except Exception as error:  # one bad sentence must not end the voice; the parent reports it
            _answer({"error": f"piper could not speak: {error}"})
        else:
            _answer(header, pcm)


if __name__ == "__main__":
    main()
