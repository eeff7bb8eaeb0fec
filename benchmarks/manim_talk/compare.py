"""The same five scenes by pvc and by stock Manim 0.22: `python benchmarks/manim_talk/compare.py [-o FILE.json]`.

Half of the standard talk (five of its scenes) is built by pvc; `scenes.py` has those scenes for Manim, with the same
actions at the same frames. Both make 1920x1080 at 30 frames a second, from nothing and then after one word was changed
in the first of them; Manim with its cache, and without it, as narrated Manim must run. Whole processes
are timed. Manim makes five silent films; pvc's time has the voice, the sound, captions and one joined film in it.
Needs `pip install "manim[typst]==0.22.*"`; takes some five minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import edits  # noqa: E402
from measure import PARTS, ROOT, build, machine, report, run, spread  # noqa: E402

SCENES = ("plan_scene", "rule", "curves", "listing_scene", "close")
MANIM = (
    sys.executable,
    "-m",
    "manim",
    "render",
    "-r",
    "1920,1080",
    "--fps",
    "30",
    "--progress_bar",
    "none",
    "-v",
    "ERROR",
)


def times(talk: Path, cache: Path) -> dict[str, Any]:
    """When the actions of a built talk happen, in frames, as the voice spoke it."""
    from pvc.compiler.plan.timeline import exit_frames, tail_frames
    from pvc.runtime.build.front import front
    from pvc.runtime.build.request import Request
    from pvc.runtime.build.survey import _heard, _looking

    with _looking(Request(talk, cache)) as (_, realiser, world, _):
        program = front(talk, world).program
        assert program is not None
        _, planned = _heard(realiser, program)
        found: dict[str, Any] = {
            scene.scene: {
                "frames": scene.frames,
                "actions": [(action.start, action.frames) for action in scene.actions],
            }
            for scene in planned.time.scenes
        }
        pace = float(planned.time.fps)
        return {**found, "fps": pace, "tail": tail_frames(program), "exit": exit_frames(program)}


def manim(folder: Path, when: dict[str, Any], assets: Path, *options: str) -> Any:
    """Renders the scenes; the run."""
    (folder / "times.json").write_text(json.dumps(when))
    os.environ["PVC_BENCHMARK_TIMES"] = str(folder / "times.json")
    os.environ["PVC_BENCHMARK_ASSETS"] = str(assets)
    return run([*MANIM, *options, "--media_dir", str(folder / "media"), str(HERE / "scenes.py"), *SCENES])


def films(folder: Path) -> dict[str, int]:
    """How many frames each film of Manim's has."""
    import av

    found = {}
    for path in (folder / "media").rglob("*.mp4"):
        if path.stem in SCENES:
            with av.open(str(path)) as container:
                found[path.stem] = sum(1 for packet in container.demux(video=0) if packet.size)
    return found


def measure(folder: Path) -> dict[str, Any]:
    talk = edits.copied(folder / "talk")
    first = edits.only(talk.read_text(), SCENES)
    talk.write_text(first)
    runs = []
    for number in range(3):
        runs.append(build(talk, folder / f"cache{number}"))
        cache = folder / f"cache{number}"
        if number < 2:
            talk.with_suffix(".mp4").unlink()
    ours_cold, film = spread(runs), report(runs[-1])
    before = times(talk, cache)
    words = []
    for number in range(3):
        talk.write_text(edits.early_word(first, number))
        words.append(build(talk, cache))
    ours_word, changed = spread(words), report(words[-1])
    after = times(talk, cache)
    assets = talk.parent / "assets"
    print("pvc measured; Manim renders", file=sys.stderr, flush=True)

    cached = folder / "cached"
    cached.mkdir()
    theirs_cold = manim(cached, before, assets)
    frames = films(cached)
    theirs_word = manim(cached, after, assets)
    bare = folder / "bare"
    bare.mkdir()
    theirs_bare = manim(bare, after, assets, "--disable_caching")
    wanted = {name: before[name]["frames"] for name in SCENES}
    return {
        "machine": machine(),
        "frames": {"pvc": film["frames"], "manim": sum(frames.values()), "wanted": wanted, "got": frames},
        "pvc": {
            "cold": ours_cold.plain(),
            "one_word": ours_word.plain(),
            "ran": changed["ran"],
        },
        "manim": {
            "cold": {"wall": round(theirs_cold.wall, 2), "cpu": round(theirs_cold.cpu, 2)},
            "one_word_cached": {"wall": round(theirs_word.wall, 2), "cpu": round(theirs_word.cpu, 2)},
            "one_word_uncached": {"wall": round(theirs_bare.wall, 2), "cpu": round(theirs_bare.cpu, 2)},
        },
    }


def ratio(numbers: dict[str, Any], ours: str, theirs: str) -> str:
    one, other = numbers["pvc"][ours], numbers["manim"][theirs]
    return (
        f"{one['wall']:7.2f} s {other['wall']:8.2f} s   1/{other['wall'] / one['wall']:.1f} by the clock, "
        f"1/{other['cpu'] / one['cpu']:.1f} in CPU"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE.json")
    chosen = parser.parse_args()
    try:
        import manim  # noqa: F401
        import typst  # noqa: F401
    except ImportError as error:
        raise SystemExit(f'{error}; install it with: pip install "manim[typst]==0.22.*"') from None
    sys.path[:0] = [str(ROOT / part) for part in PARTS]
    folder = Path(tempfile.mkdtemp(prefix="pvc-benchmark-"))
    try:
        numbers = measure(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if chosen.output is not None:
        chosen.output.write_text(json.dumps(numbers, indent=1) + "\n")
    print(numbers["machine"])
    counted = numbers["frames"]
    print(f"{len(SCENES)} scenes of the standard talk: {counted['pvc']} frames by pvc, {counted['manim']} by Manim")
    print(f"  {'':34} {'pvc':>9} {'Manim':>10}   pvc / Manim")
    print(f"  {'from nothing':34} {ratio(numbers, 'cold', 'cold')}")
    print(f"  {'one word, Manim with its cache':34} {ratio(numbers, 'one_word', 'one_word_cached')}")
    print(f"  {'one word, Manim without its cache':34} {ratio(numbers, 'one_word', 'one_word_uncached')}")
    print("  (pvc speaks, mixes, captions and joins; Manim makes five silent films)")


if __name__ == "__main__":
    main()
