"""What this machine can do: every engine is really tried, and what is missing comes with the line that installs it.

A probe never raises. ``state``: `ok`; `optional` (missing, and only needed for more); `missing` (a build fails);
`weak` (works, but something about it will hurt).
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from pvc.runtime.errors import PvcError


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe found: ``detail`` in words, ``remedy`` the command or step that mends it."""

    name: str
    state: str
    detail: str
    remedy: str | None = None


def installed(distribution: str) -> str | None:
    """A distribution's version, None where it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _python() -> Finding:
    here = f"{platform.python_implementation()} {platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < (3, 11) or sys.version_info >= (3, 14):
        return Finding("python", "weak", f"{here}; pvc is tested with 3.11 to 3.13", "use one of these versions")
    return Finding("python", "ok", here)


def _canvas() -> Finding:
    remedy = "pip install --upgrade skia-python"
    from pvc.runtime.backends.registry import backend

    found = dict(backend("canvas").identity())
    number = installed("skia-python")
    return Finding("canvas", "ok" if found else "missing", f"Skia {number} paints in memory", None if found else remedy)


def _manim() -> Finding:
    number = installed("manim")
    if number is None:
        before = {
            "Linux": "apt install libcairo2-dev libpango1.0-dev pkg-config, then ",
            "Darwin": "brew install cairo pango pkg-config, then ",
        }.get(platform.system(), "")
        remedy = f"{before}pip install 'paper-video-compiler[manim]'"
        return Finding("manim", "optional", "not installed; `on manim` needs it", remedy)
    from pvc.runtime.backends.registry import backend

    backend("manim").identity()
    return Finding("manim", "ok", f"manim {number}")


def _programs() -> Finding:
    """Runs a program of one line in the sandbox."""
    from pvc.runtime.programs import layers, run

    lacking = layers.missing()
    if lacking:
        remedy = "talks with programs show their `fallback` here"
        return Finding("programs", "optional", f"no sandbox: it needs {' and '.join(lacking)}", remedy)
    source = "def draw(canvas, t, given):\n    canvas.clear(0xFF000000)\n"
    told = run.Told()
    job = run.Job("probe", source, "canvas", "", (16, 16), 16.0, 16.0, 0.0, (1, 1), 1)
    frames = list(run.run(job, told))
    return Finding("programs", "ok", f"{len(frames)} frame in a sandbox of {', '.join(told.layers)}, where allowed")


def _espeak() -> Finding:
    from fractions import Fraction

    from pvc.compiler.model.program import Voice
    from pvc.compiler.model.speech import Utterance
    from pvc.runtime.speech.engines import engine

    voice = Voice("probe", "espeak", (), Fraction(1), Fraction(0))
    speech = engine("espeak").synthesize(Utterance("Hello.", ((0, 6, "Hello."),), (), voice, "en"))
    return Finding("espeak", "ok", f"says hello in {len(speech.samples) / 48000:.2f} s of sound")


def _piper() -> Finding:
    number = installed("piper-tts")
    if number is None:
        return Finding(
            "piper", "optional", "not installed; better voices need it", "pip install 'paper-video-compiler[piper]'"
        )
    from pvc.runtime.speech.piper import voice_folders

    voices = sorted({model.stem for folder in voice_folders() if folder.is_dir() for model in folder.glob("*.onnx")})
    if not voices:
        where = voice_folders()[-1]
        return Finding(
            "piper", "optional", f"piper-tts {number}, but no voice", f"put NAME.onnx and NAME.onnx.json into {where}"
        )
    return Finding("piper", "ok", f"piper-tts {number}; voices: {', '.join(voices)}")


def _codecs() -> Finding:
    import av

    needed = {"libx264": "H.264", "aac": "AAC"}
    lacking = [words for name, words in needed.items() if name not in av.codecs_available]
    if lacking:
        return Finding(
            "codecs", "missing", f"PyAV {av.__version__} cannot encode {', '.join(lacking)}", "pip install --upgrade av"
        )
    return Finding("codecs", "ok", f"PyAV {av.__version__} encodes H.264 (x264) and AAC")


def _math() -> Finding:
    from pvc.compiler.math.engine import svg

    number = installed("quickjax")
    if "<svg" not in svg(r"\frac{1}{2}", True):
        return Finding("math", "missing", f"MathJax (quickjax {number}) gave no picture", REMEDIES["math"])
    return Finding("math", "ok", f"MathJax in process (quickjax {number})")


def _fonts() -> Finding:
    from pvc.compiler.text.fonts import CATALOGUE
    from pvc.compiler.text.fonts import installed as family_installed

    lacking = [family for family in CATALOGUE if not family_installed(family)]
    if lacking:
        packages = " ".join(sorted({CATALOGUE[family].package.replace("_", "-") for family in lacking}))
        return Finding("fonts", "missing", f"not installed: {', '.join(lacking)}", f"pip install {packages}")
    return Finding("fonts", "ok", f"{len(CATALOGUE)} families")


def _diagrams() -> Finding:
    number = installed("pygraphviz")
    if find_spec("pygraphviz") is None:
        return Finding("diagrams", "missing", "Graphviz is not installed", "pip install 'pygraphviz>=2.0'")
    return Finding("diagrams", "ok", f"Graphviz in pygraphviz {number}")


def _memory() -> Finding:
    from pvc.runtime.execute.memory import available

    free = available()
    try:
        processors = len(os.sched_getaffinity(0))
    except AttributeError:
        processors = os.cpu_count() or 1
    words = f"{free / 1024:.1f} GB free, {processors} processor{'s' if processors > 1 else ''}"
    if free < 800:
        return Finding("memory", "weak", words, "close other programs, or build with --jobs 1 --draft")
    return Finding("memory", "ok", words)


def _cache(root: Path) -> Finding:
    probe = root / f".probe-{os.getpid()}"
    try:
        root.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Finding("cache", "weak", f"{root} cannot be written: {reason}", "set PVC_CACHE_DIR to a folder that can")
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
    free = shutil.disk_usage(root).free
    words = f"{root}, {free / 1e9:.1f} GB free on its disk"
    if free < 1_000_000_000:
        return Finding("cache", "weak", words, "free some space, or run `pvc cache gc --max-size 500MB`")
    return Finding("cache", "ok", words)


REMEDIES = {
    "canvas": "pip install --upgrade skia-python",
    "espeak": "pip install --upgrade espeakng-loader",
    "codecs": "pip install --upgrade av",
    "math": "pip install --upgrade quickjax quickjs-ng",
    "manim": "pip install --upgrade 'manim==0.22.*'",
}


def examine(cache: Path) -> Iterator[Finding]:
    """Every probe's finding, one after the other."""
    probes: tuple[tuple[str, bool, Callable[[], Finding]], ...] = (
        ("python", True, _python),
        ("canvas", True, _canvas),
        ("espeak", True, _espeak),
        ("codecs", True, _codecs),
        ("math", True, _math),
        ("fonts", True, _fonts),
        ("diagrams", True, _diagrams),
        ("manim", False, _manim),
        ("programs", False, _programs),
        ("piper", False, _piper),
        ("memory", True, _memory),
        ("cache", True, lambda: _cache(cache)),
    )
    for name, needed, probe in probes:
        try:
            yield probe()
        except PvcError as error:
            yield Finding(name, "missing" if needed else "optional", error.message, error.hint or REMEDIES.get(name))
        except Exception as error:  # whatever a broken installation does: that is what a doctor is for
            words = f"{type(error).__name__}: {error}"
            yield Finding(name, "missing" if needed else "optional", words, REMEDIES.get(name))
