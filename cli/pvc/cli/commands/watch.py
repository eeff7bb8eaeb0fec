"""`pvc watch`."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from pvc.cli.app import surroundings
from pvc.cli.films import Film, film_options
from pvc.cli.surroundings import Surroundings
from pvc.runtime.build.request import Outcome, Request
from pvc.runtime.errors import Cancelled, PvcError

if TYPE_CHECKING:
    from pvc.runtime.build.warm import Warm
    from pvc.runtime.build.world import Seen


@click.command(
    epilog="""\b
Examples:
  pvc watch talk.vid --draft            small pictures at every save
  pvc watch talk.vid --scene scores     one scene alone
  pvc watch talk.vid --check            only say what is wrong
  pvc watch talk.vid --json             one JSON line for each round, for tools"""
)
@film_options
@click.option("--check", "only_check", is_flag=True, help="Check and lay out; build nothing.")
def command(film: Film, only_check: bool) -> int:
    """Build TALK, and build it again whenever a file that it is made of is saved.

    That is the talk itself, what it uses, its data, papers, pictures and the project's configuration. What is wrong is
    shown, and the last good film stays. A save during a build ends it, and the next one goes on from what was finished.
    Ends with ^C.
    """

    def ask() -> tuple[Request, Surroundings]:
        """What to build, by the options and the configuration as it is now."""
        around = surroundings(film.talk)
        return replace(film.request(around), force=True), around

    return _Watching(ask, only_check).run()


class _Watching:
    """Rounds of building, one after the other, until somebody ends them."""

    def __init__(self, ask: Callable[[], tuple[Request, Surroundings]], only_check: bool) -> None:
        from pvc.runtime.build.saves import Saves
        from pvc.runtime.build.warm import Warm

        self.ask = ask
        self.request, self.around = ask()
        self.only_check = only_check
        self.warm: Warm = Warm(self._follow)
        self.saves = Saves(self._saved)
        self.news = threading.Event()
        self.busy = False
        self.changed: tuple[str, ...] = ()
        self.followed: dict[str, Seen] = {}

    def _follow(self, done: bool = False) -> None:
        """Watches what this round has looked at; and, where it is not ``done`` or has not seen the talk, all that was
        watched before."""
        seen = self.warm.seen
        if not done or os.path.abspath(self.request.talk) not in seen:
            seen = self.followed | seen
        self.followed = seen
        self.saves.follow(seen.values())

    def _saved(self, paths: tuple[str, ...]) -> None:
        """From the thread that watches."""
        self.changed = tuple(dict.fromkeys((*self.changed, *paths)))
        self.news.set()
        if self.busy:
            self.busy = False
            self.warm.cancel()

    def run(self) -> int:
        from pvc.runtime.build.world import look

        try:
            while True:
                self.news.clear()
                changed, self.changed = self.changed, ()
                self.followed |= {path: look(path)[0] for path in changed}  # this round is about to look itself
                self.saves.renew(changed)
                self.warm.begin()
                self.busy = True
                done = self._round(changed)
                self.busy = False
                self._follow(done)
                while not self.news.wait(0.2):
                    pass  # in short steps, so that ^C is heard on every system
        finally:
            self.saves.close()
            self.warm.end_workers()

    def _round(self, changed: tuple[str, ...]) -> bool:
        """One build, shown; whether no save ended it. What a person can mend ends only the round."""
        began = time.perf_counter()
        self._begins(changed)
        try:
            if any(os.path.basename(path) in ("pvc.toml", "pyproject.toml") for path in changed):
                self.request, self.around = self.ask()
            if self.only_check:
                self._checked(changed, began)
            else:
                self._built(changed, began)
        except Cancelled:
            self._says({"event": "cancelled", "changed": [*self.changed]}, "saved again: starting over")
            return False
        except PvcError as error:
            from pvc.cli.report import failure, plain, show

            finding = failure(error)
            if self.around.json:
                self._line({"event": "failed", "changed": [*changed], "diagnostics": plain([finding], {})})
            else:
                show([finding], {}, self.around)
        return True

    def _begins(self, changed: tuple[str, ...]) -> None:
        if changed and not (self.around.json or self.around.quiet):
            names = ", ".join(os.path.relpath(path) for path in changed[:3])
            more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
            print(f"{time.strftime('%H:%M:%S')}  {names}{more}", file=sys.stderr)

    def _built(self, changed: tuple[str, ...], began: float) -> None:
        from pvc.cli.commands.build import show_outcomes

        films = self._films()
        seconds = time.perf_counter() - began
        if self.around.json:
            from pvc.cli.report import plain, sources_of

            diagnostics = tuple(dict.fromkeys(each for film in films for each in film.diagnostics))
            reports = [film.report.plain() for film in films if film.report is not None]
            self._line(
                {
                    "event": "built" if len(reports) == len(films) else "errors",
                    "ok": len(reports) == len(films),
                    "seconds": round(seconds, 3),
                    "changed": [*changed],
                    "diagnostics": plain(diagnostics, sources_of(diagnostics)),
                    "builds": reports,
                }
            )
            return
        show_outcomes(films, self.around)
        if any(film.report is None for film in films):
            self._says(None, "the last film stays; waiting for a save")

    def _films(self) -> list[Outcome]:
        """A build of the talk in each of its formats; it ends with the first one that has errors."""
        from pvc.cli.progress import watcher
        from pvc.runtime.build.build import build

        found: list[Outcome] = []
        waiting = [self.request]
        while waiting:
            request = waiting.pop(0)
            with watcher(self.around, request.jobs) as watch:
                found.append(build(request, watch, self.warm))
            report = found[-1].report
            if report is None:
                break
            if request is self.request:
                waiting = [replace(request, format=name) for name in report.formats]
        return found

    def _checked(self, changed: tuple[str, ...], began: float) -> None:
        from pvc.cli.report import plain, show, sources_of, summary
        from pvc.runtime.build.inspect import inspect

        seen = inspect(self.request, warm=self.warm)
        seconds = time.perf_counter() - began
        sources = sources_of(seen.diagnostics)
        if self.around.json:
            self._line(
                {
                    "event": "checked",
                    "ok": seen.ok,
                    "seconds": round(seconds, 3),
                    "changed": [*changed],
                    "diagnostics": plain(seen.diagnostics, sources),
                    "length": seen.seconds,
                    "scenes": seen.scenes,
                }
            )
            return
        show(seen.diagnostics, sources, self.around)
        counts = summary(seen.diagnostics) or "nothing to complain about"
        self._says(None, f"{self.request.talk}: {counts} ({seconds * 1000:.0f} ms)")

    def _says(self, line: dict[str, object] | None, text: str) -> None:
        if self.around.json:
            if line is not None:
                self._line(line)
        elif not self.around.quiet:
            print(text, file=sys.stderr)

    def _line(self, document: dict[str, object]) -> None:
        import json

        sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
        sys.stdout.flush()
