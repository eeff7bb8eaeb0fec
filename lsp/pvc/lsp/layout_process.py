"""Lays out the scenes of a talk for the language server, in a process of its own: that takes long and may take much.

It reads requests from stdin and writes findings to stdout (`wire`). A newer request ends the work on the one before;
when stdin ends, so does the process, whatever it is at.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from typing import Any

from pvc.compiler.check.run import Checked, Checker
from pvc.compiler.diagnostics.model import Diagnostic, Severity
from pvc.compiler.lints.judge import judge
from pvc.compiler.plan.queries import PLANNED, RULES
from pvc.compiler.query import Cancelled
from pvc.compiler.query.anchors import placed
from pvc.compiler.resolve.sources import Env
from pvc.lsp.overlay import OverlayWorld
from pvc.runtime.execute import wire


class _Requests:
    """The newest request; a thread reads them as they come."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._change = threading.Condition()
        self._newest: dict[str, Any] | None = None
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                request = wire.read(self._fd)
            except wire.Closed:
                os._exit(0)
            with self._change:
                self._newest = request
                self._change.notify()

    def waiting(self) -> bool:
        return self._newest is not None

    def take(self) -> dict[str, Any]:
        with self._change:
            while self._newest is None:
                self._change.wait()
            request, self._newest = self._newest, None
            return request


def found_in(checker: Checker, checked: Checked, path: str) -> tuple[Diagnostic, ...]:
    """What layouts say of a talk that has no errors, at the levels that the project sets. Raises Cancelled."""
    from pvc.compiler.stage.queries import PICTURED

    db = checker.db
    env = db.number(Env(path, None))
    said: list[Diagnostic] = []
    for base, planned in checker.ask(PLANNED, path):
        one: tuple[Diagnostic, ...] = db.get(PICTURED, (env, base, planned.turn))
        said += one
    asked = judge(db.get(RULES, path).settings, (unit.file for unit in checked.units if not unit.standard))
    return asked.settle(placed(tuple(said), checked.starts))


def main() -> None:
    """Serves requests until stdin ends."""
    out = os.dup(1)
    os.dup2(2, 1)  # whatever prints by mistake must not reach the server
    sys.setrecursionlimit(2_000)
    requests = _Requests(0)
    world = OverlayWorld()
    checker = Checker(world)
    checker.db.cancelled = requests.waiting
    laid: set[str] = set()
    while True:
        request = requests.take()
        texts: dict[str, str] = request["texts"]
        for path in laid - set(texts):
            world.lift(path)
        for path, text in texts.items():
            world.lay(path, text)
        laid = set(texts)
        path = request["path"]
        try:
            checked = checker.check(path)
            wrong = any(each.severity is Severity.ERROR for each in checked.diagnostics)
            found = () if wrong or checked.anchored is None else found_in(checker, checked, path)
        except Cancelled:
            continue
        except Exception as error:  # what cannot be laid out here is told by a build
            print(f"pvc lsp: laying out {path}: {type(error).__name__}: {error}", file=sys.stderr)
            found = ()
        try:
            wire.write(out, {"number": request["number"], "found": pickle.dumps(found)})
        except wire.Closed:
            return


if __name__ == "__main__":
    main()
