"""What a build did, counted: for people at the end of a build, for scripts as JSON, for benchmarks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pvc.runtime.build.memory import Lasting
    from pvc.runtime.build.realise import Entry

STAGES = ("check", "voice", "layout", "raster", "convert", "encode", "sound", "mux")
"""Where time goes; seconds of work, which overlaps, so that their sum may exceed the time by the clock."""


@dataclass(slots=True)
class Report:
    """``frames``: of the film; ``moving``: painted and encoded ones of all shots, ``held``: repeated stills;
    ``painted``: frames that this build painted. ``nodes``: by kind, how many ran and how many were known. ``ran``:
    their names. ``lengths``: holds that only changed how long they last: (scene, chunk, before, now). ``formats``: the
    talk's formats besides this film's, each a film of its own; only the film with the plain name lists them."""

    talk: str
    output: str
    up_to_date: bool = False
    wall: float = 0.0
    frames: int = 0
    fps: str = ""
    moving: int = 0
    held: int = 0
    painted: int = 0
    nodes: dict[str, dict[str, int]] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)
    lengths: list[tuple[str, int, int, int]] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))
    outputs: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)

    def spent(self, stage: str, seconds: float) -> None:
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds

    def count(self, entries: Iterable[Entry]) -> None:
        """Counts the nodes of a build, and adds what workers say of their time."""
        for entry in entries:
            if entry.kind == "fragment":
                continue
            counts = self.nodes.setdefault(entry.kind, {"ran": 0, "cached": 0})
            counts["cached" if entry.seconds is None else "ran"] += 1
            if entry.seconds is None or entry.result is None:
                continue
            self.ran.append(f"{entry.kind}: {entry.label}")
            for name, value in entry.result.facts:
                if name in self.seconds and isinstance(value, int | float):
                    self.spent(name, float(value))
                if name == "frames" and entry.kind in ("segment", "frames") and isinstance(value, int):
                    self.painted += value

    def compare(self, before: Iterable[Lasting], now: Iterable[Lasting]) -> None:
        """Finds the holds that are the same picture as before and last longer or shorter."""
        old: dict[tuple[str, str], list[Lasting]] = {}
        for shot in before:
            old.setdefault((shot.scene, shot.segment), []).append(shot)
        for shot in now:
            same = old.get((shot.scene, shot.segment))
            if same:
                earlier = same.pop(0)
                if earlier.frames != shot.frames:
                    self.lengths.append((shot.scene, shot.number, earlier.frames, shot.frames))

    def plain(self) -> dict[str, object]:
        """The report for JSON; seconds are rounded to milliseconds."""
        found = asdict(self)
        found["wall"] = round(self.wall, 3)
        found["seconds"] = {name: round(value, 3) for name, value in self.seconds.items()}
        return found
