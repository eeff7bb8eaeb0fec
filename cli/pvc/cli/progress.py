"""Progress of a build: a line that redraws itself on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

from pvc.cli.surroundings import Surroundings
from pvc.runtime.build.events import Event, Finished, Phase, Started, Wanted

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

PHASES = {
    "check": "checking",
    "voice": "speaking",
    "layout": "laying out",
    "pictures": "painting",
    "sound": "mixing",
    "finish": "joining",
}


class Tally:
    """What is known of a build from its events. ``left`` is the estimate in seconds of work that is waiting or runs."""

    def __init__(self) -> None:
        self.phase = ""
        self.wanted = self.cached = self.done = 0
        self.left = 0.0
        self.running: dict[str, float] = {}
        self._work = 0.0
        self._spent = 0.0

    def take(self, event: Event) -> None:
        match event:
            case Phase(name):
                self.phase = PHASES.get(name, name)
            case Wanted(_, _, cached, cost):
                self.wanted += 1
                self.cached += cached
                self.done += cached
                self.left += cost
            case Started(_, label):
                self.running[label] = time.monotonic()
            case Finished(_, label, seconds, cost):
                self.running.pop(label, None)
                self.done += 1
                self.left = max(0.0, self.left - cost)
                self._work += cost
                self._spent += seconds

    def remaining(self, jobs: int) -> float | None:
        """Seconds until what is wanted so far is done, by how estimates have fared; None while unknown."""
        if self._work < 0.3:
            return None
        return self.left * self._spent / self._work / max(1, jobs)


class Quiet:
    """Watches and says nothing."""

    def __enter__(self) -> Quiet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def __call__(self, event: Event) -> None: ...


class Plain(Quiet):
    """For logs: one line when a phase begins, and with -v one for each node that ran."""

    def __init__(self, verbose: bool) -> None:
        self._tally = Tally()
        self._verbose = verbose

    def __call__(self, event: Event) -> None:
        self._tally.take(event)
        if isinstance(event, Phase):
            print(f"{self._tally.phase} ...", file=sys.stderr)
        elif isinstance(event, Finished) and self._verbose:
            print(f"  {event.kind}: {event.label} ({event.seconds:.2f} s)", file=sys.stderr)


class Drawn(Quiet):
    """For terminals: phase, a bar, what runs now, how much was known already, time left."""

    def __init__(self, jobs: int) -> None:
        self._tally = Tally()
        self._jobs = jobs
        self._live: Live | None = None
        self._began = time.monotonic()

    def __call__(self, event: Event) -> None:
        self._tally.take(event)
        if self._live is None and time.monotonic() - self._began > 0.25:
            from rich.console import Console
            from rich.live import Live

            self._live = Live(
                get_renderable=self._picture, console=Console(stderr=True), refresh_per_second=8, transient=True
            )
            self._live.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def _picture(self) -> Text:
        from rich.text import Text

        tally = self._tally
        width = 24
        filled = width * tally.done // tally.wanted if tally.wanted else 0
        text = Text()
        text.append(f"{tally.phase:<11}", style="bold")
        text.append("━" * filled, style="cyan")
        text.append("━" * (width - filled), style="bright_black")
        text.append(f" {tally.done}/{tally.wanted}")
        if tally.cached:
            text.append(f" ({tally.cached} known)", style="bright_black")
        seconds = tally.remaining(self._jobs)
        if seconds is not None and seconds > 1:
            text.append(f"  about {duration(seconds)} left", style="bright_black")
        for label, since in list(tally.running.items())[: max(1, self._jobs)]:
            text.append(f"\n  {label}", style="bright_black")
            if time.monotonic() - since > 3:
                text.append(f"  {time.monotonic() - since:.0f} s", style="bright_black")
        return text


def duration(seconds: float) -> str:
    """`4.2 s`, `1 min 5 s`."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"


def watcher(surroundings: Surroundings, jobs: int) -> Quiet:
    """The watcher that fits the surroundings."""
    if surroundings.live():
        return Drawn(jobs)
    if surroundings.quiet or surroundings.json or not (surroundings.progress or surroundings.verbose):
        return Quiet()
    return Plain(surroundings.verbose > 0)
