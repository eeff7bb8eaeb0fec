"""What is known of one file: checked from the open buffers, planned with estimates.

Checking again costs what changed: everything here is asked of the compiler's queries.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace

from pvc.compiler.check.run import Checked, Checker
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.lints.judge import judge
from pvc.compiler.lints.table import Phase
from pvc.compiler.model.program import Program, SceneSpec
from pvc.compiler.model.speech import SceneTime, TalkTime
from pvc.compiler.plan import lints
from pvc.compiler.plan.queries import PLANNED, REVIEWED, RULES
from pvc.compiler.query.anchors import Starts, place, placed
from pvc.compiler.resolve.scope import Unit
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.compiler.world import World
from pvc.lsp.positions import LineIndex


@dataclass(frozen=True, slots=True)
class SceneFacts:
    """A scene with its times. Spans in ``spec`` count from anchors (`Analysis.place`); ``start`` is in frames."""

    spec: SceneSpec
    time: SceneTime
    start: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything about one version of a file. ``program`` is partial where there are errors; its spans count from
    anchors, which ``anchors`` places."""

    path: str
    lines: LineIndex
    version: int
    unit: Unit | None
    units: tuple[Unit, ...]
    program: Program | None
    scenes: tuple[SceneFacts, ...]
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[tuple[str, str], ...]
    starts: tuple[int, ...]
    anchors: Starts = field(default_factory=dict, repr=False)

    def place(self, span: Span) -> Span:
        """Where a span of the program stands now."""
        return place(span, self.anchors)

    @property
    def blocks(self) -> tuple[tree.Block, ...]:
        return self.unit.file.blocks if self.unit is not None else ()

    def block_at(self, offset: int) -> tree.Block | None:
        """The block that an offset stands in; the last one's end belongs to it."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0:
            return None
        block = self.blocks[index]
        return block if offset <= block.start + len(block.text) else None


@dataclass(slots=True, eq=False)
class Analyser:
    """Checks one file again and again. ``checker`` is shared by all files of a session."""

    path: str
    checker: Checker | None = None

    def run(self, lines: LineIndex, version: int, world: World) -> Analysis:
        """The analysis of the file's text, which ``world`` must hold as well."""
        checker = self.checker = self.checker or Checker(world)
        checked = checker.check(self.path)
        unit = next((each for each in checked.units if each.path == self.path), None)
        diagnostics = checked.diagnostics
        if _is_module(unit):
            diagnostics = tuple(found for found in diagnostics if found.code not in ("PVC0201", "PVC0701"))
        scenes: tuple[SceneFacts, ...] = ()
        if checked.anchored is not None:
            try:
                scenes, findings = self._plan(checker, checked)
            except Exception:  # a program with errors is partial, and the planner may rightly rely on more
                if checked.ok:
                    raise
                findings = ()
            if checked.ok:
                diagnostics += findings
        diagnostics = self._settled(diagnostics, checker, checked, _is_module(unit))
        starts = tuple(block.start for block in unit.file.blocks) if unit is not None else ()
        return Analysis(
            self.path,
            lines,
            version,
            unit,
            checked.units,
            checked.anchored,
            scenes,
            diagnostics,
            checked.files,
            starts,
            checked.starts,
        )

    def _settled(
        self, found: tuple[Diagnostic, ...], checker: Checker, checked: Checked, module: bool
    ) -> tuple[Diagnostic, ...]:
        """Findings at the levels of the project, with what is wrong with its configuration and with allowances."""
        rules = checker.db.get(RULES, self.path)
        asked = judge(rules.settings, (each.file for each in checked.units if not each.standard))
        settled = asked.settle((*found, *asked.allowed.diagnostics))
        idle = asked.idle((Phase.CHECK, Phase.PLAN)) if checked.ok and not module else ()
        return (*rules.diagnostics, *settled, *idle)

    def _plan(self, checker: Checker, checked: Checked) -> tuple[tuple[SceneFacts, ...], tuple[Diagnostic, ...]]:
        program = checked.anchored
        assert program is not None
        facts: list[SceneFacts] = []
        findings: list[Diagnostic] = []
        start = 0
        for _, planned in checker.ask(PLANNED, self.path):
            facts.append(SceneFacts(planned.spec, planned.time, start))
            findings += planned.diagnostics
            start += planned.time.frames
        if program.expectations:
            silent = tuple(replace(spec, expectations=()) if spec.expectations else spec for spec in program.scenes)
            time = TalkTime(program.format.fps, tuple(fact.time for fact in facts))
            findings += lints.expectations(replace(program, scenes=silent), time)
        reviewed: tuple[Diagnostic, ...] = checker.ask(REVIEWED, self.path)
        findings += reviewed
        return tuple(facts), placed(tuple(findings), checked.starts)


def _is_module(unit: Unit | None) -> bool:
    """Whether a file is one that talks use: it declares things, and has no talk and no scene."""
    if unit is None:
        return False
    items = [block.item for block in unit.file.blocks]
    return bool(items) and not any(isinstance(item, tree.Talk | tree.Scene) for item in items)
