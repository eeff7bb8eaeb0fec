"""The law of the session: whatever is opened, edited, closed, and changed on the disk, in whatever order, what is known
of an open document is what a server that has just been started would know of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from query.test_query_law import BASE, PIECES

from pvc.compiler.syntax.spelling import convert
from pvc.lsp import colors, completion, folding, hover, lens, links, symbols, times, tokens, twin_completion
from pvc.lsp.analysis import Analysis
from pvc.lsp.documents import Change
from pvc.lsp.positions import LineIndex
from pvc.lsp.session import Session

TWIN = convert(BASE["talk.vid"], "talk.vid", "twin.vid.yaml").text
START = {**BASE, "twin.vid.yaml": TWIN, "pvc.toml": "[lint]\n"}
SPECS = ["talk.vid", "house.vid", "twin.vid.yaml"]
CONFIGS = ["[lint]\n", '[lint]\nunused = "deny"\n', '[lint]\n"PVC0701" = "allow"\n', "[lint\n"]
EDITS = st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 0, 1, 2, 9, 60, 400]), st.sampled_from(PIECES), st.booleans())


def known_of(analysis: Analysis, at: int) -> dict[str, object]:
    """Everything that the features say of a document, at a place of it too."""
    text = analysis.lines.text
    spelling = twin_completion if analysis.path.endswith("yaml") else completion
    return {
        "diagnostics": analysis.diagnostics,
        "files": analysis.files,
        "starts": analysis.starts,
        "symbols": symbols.symbols(analysis),
        "folds": folding.folds(analysis),
        "tokens": tokens.tokens(analysis, 0, len(text)),
        "colors": colors.swatches(analysis),
        "links": links.links(analysis),
        "lenses": lens.lenses(analysis),
        "hints": times.hints(analysis, 0, len(text)),
        "hover": hover.hover(analysis, at),
        "completion": spelling.complete(analysis, text, at),
    }


class Editing(RuleBasedStateMachine):
    """A folder, an editor with some of its files open, and others who write in the folder as well."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pvc-session-"))
        self.written = 0
        for name, text in START.items():
            self.write(name, text)
        self.session = Session()
        self.version = 0
        self.at = 0.5

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def write(self, name: str, text: str) -> None:
        """Writes a file, as seen by whoever looks at its length and time only."""
        self.written += 1
        target = self.folder / name
        target.write_text(text, newline="")
        os.utime(target, ns=(10**18 + self.written * 10**9, 10**18 + self.written * 10**9))

    @rule(name=st.sampled_from(SPECS), disk=st.booleans())
    def open(self, name: str, disk: bool) -> None:
        if name not in self.session.documents:
            there = self.folder / name
            text = there.read_text() if disk and there.exists() else START[name]
            self.session.open(name, self.path(name), self.version, text)

    @precondition(lambda self: self.session.documents)
    @rule(data=st.data(), edit=EDITS, many=st.booleans())
    def edit(self, data: st.DataObject, edit: tuple[float, int, str, bool], many: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.session.documents)))
        document = self.session.documents[name]
        share, less, more, line = edit
        low = int(share * len(document.text))
        if line:
            low = document.text.rfind("\n", 0, low) + 1
        self.version += 1
        self.at = share
        start, end = document.lines.place(low), document.lines.place(low + less)
        changes = [Change(start, end, more)]
        if many:
            changes.append(Change(start, start, " "))
        self.session.change(name, self.version, changes)

    @precondition(lambda self: self.session.documents)
    @rule(data=st.data())
    def undo_all(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.session.documents)))
        self.version += 1
        self.session.change(name, self.version, [Change(None, None, START[name])])

    @precondition(lambda self: self.session.documents)
    @rule(data=st.data(), save=st.booleans())
    def close(self, data: st.DataObject, save: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.session.documents)))
        if save:
            self.write(name, self.session.documents[name].text)
            self.session.saved()
        self.session.close(name)

    @rule(name=st.sampled_from([*SPECS, "scores.csv"]), edit=EDITS)
    def others_edit(self, name: str, edit: tuple[float, int, str, bool]) -> None:
        share, less, more, _ = edit
        text = START[name]
        low = int(share * len(text))
        self.write(name, text[:low] + more + text[low + less :])
        self.session.saved()

    @rule(text=st.sampled_from(CONFIGS))
    def others_configure(self, text: str) -> None:
        self.write("pvc.toml", text)
        self.session.saved()

    @rule(name=st.sampled_from([*SPECS, "scores.csv"]), back=st.booleans())
    def others_delete(self, name: str, back: bool) -> None:
        (self.folder / name).unlink(missing_ok=True)
        self.session.saved()
        if back:
            self.write(name, START[name])
            self.session.saved()

    @precondition(lambda self: self.session.documents)
    @rule(name=st.sampled_from(SPECS))
    def somebody_asks(self, name: str) -> None:
        self.session.analysis(name)
        self.session.unopened(self.path(name)) if name not in self.session.documents else None

    @invariant()
    def all_is_as_for_a_server_just_started(self) -> None:
        if not hasattr(self, "session"):
            return
        fresh = Session()
        for name, document in self.session.documents.items():
            fresh.open(name, document.path, document.version, document.text)
        for name, document in self.session.documents.items():
            one, other = self.session.analysis(name), fresh.analysis(name)
            assert one is not None
            assert other is not None
            at = int(self.at * len(document.text))
            assert one.lines.text == document.text == LineIndex(document.text).text
            assert known_of(one, at) == known_of(other, at)


Editing.TestCase.settings = settings(
    max_examples=15, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)
test_after_anything_all_is_as_known_anew = Editing.TestCase


@pytest.mark.slow
def test_after_anything_for_long() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Editing,
        settings=settings(
            max_examples=150, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
