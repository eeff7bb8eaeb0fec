"""What is known of one file: checked from the open buffers, planned with estimates.

Checking again costs what changed: blocks are parsed by text, scenes checked and planned by text and surroundings.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace

from pvc.compiler.check import Checked, check
from pvc.compiler.check.memo import SceneMemo, shifted
from pvc.compiler.diagnostics.model import Diagnostic
from pvc.compiler.lints.config import configured
from pvc.compiler.lints.judge import judge
from pvc.compiler.lints.review import review_scene, review_talk
from pvc.compiler.lints.settings import Settings
from pvc.compiler.lints.table import Phase
from pvc.compiler.model.program import Program, SceneSpec
from pvc.compiler.model.speech import SceneTime, TalkTime
from pvc.compiler.plan import lints, plan
from pvc.compiler.resolve.scope import Unit
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.compiler.world import World
from pvc.lsp.positions import LineIndex


@dataclass(frozen=True, slots=True)
class SceneFacts:
    """A scene with its times. ``moved`` is to be added to every offset in ``spec``; ``start`` is in frames."""

    spec: SceneSpec
    moved: int
    time: SceneTime
    start: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything about one version of a file. ``program`` is partial where there are errors."""

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
    """Checks one file again and again."""

    path: str
    _memo: SceneMemo = field(default_factory=SceneMemo)
    _plans: dict[int, tuple[SceneSpec, SceneTime, tuple[Diagnostic, ...]]] = field(default_factory=dict)
    _planned_for: tuple[object, ...] = ()

    def run(self, lines: LineIndex, version: int, world: World) -> Analysis:
        """The analysis of the file's text, which ``world`` must hold as well."""
        checked = check(self.path, world, self._memo)
        unit = next((each for each in checked.units if each.path == self.path), None)
        diagnostics = checked.diagnostics
        if _is_module(unit):
            diagnostics = tuple(found for found in diagnostics if found.code not in ("PVC0201", "PVC0701"))
        scenes: tuple[SceneFacts, ...] = ()
        if checked.program is not None:
            try:
                scenes, findings = self._plan(checked.program, checked, configured(world, self.path).settings)
            except Exception:  # a program with errors is partial, and the planner may rightly rely on more
                if checked.ok:
                    raise
                findings = ()
            if checked.ok:
                diagnostics += findings
        diagnostics = self._settled(diagnostics, checked, world, _is_module(unit))
        starts = tuple(block.start for block in unit.file.blocks) if unit is not None else ()
        return Analysis(
            self.path, lines, version, unit, checked.units, checked.program, scenes, diagnostics, checked.files, starts
        )

    def _settled(
        self, found: tuple[Diagnostic, ...], checked: Checked, world: World, module: bool
    ) -> tuple[Diagnostic, ...]:
        """Findings at the levels of the project, with what is wrong with its configuration and with allowances."""
        rules = configured(world, self.path)
        asked = judge(rules.settings, (each.file for each in checked.units if not each.standard))
        settled = asked.settle((*found, *asked.allowed.diagnostics))
        idle = asked.idle((Phase.CHECK, Phase.PLAN)) if checked.ok and not module else ()
        return (*rules.diagnostics, *settled, *idle)

    def _plan(
        self, program: Program, checked: Checked, settings: Settings
    ) -> tuple[tuple[SceneFacts, ...], tuple[Diagnostic, ...]]:
        surroundings = (program.theme, program.format, program.voice, program.language, program.lexicon, settings)
        if surroundings != self._planned_for:
            self._plans.clear()
            self._planned_for = surroundings
        bare = replace(program, scenes=(), expectations=())
        facts: list[SceneFacts] = []
        findings: list[Diagnostic] = []
        kept: dict[int, tuple[SceneSpec, SceneTime, tuple[Diagnostic, ...]]] = {}
        start = 0
        for spec, moved in zip(program.scenes, checked.moved, strict=True):
            known = self._plans.get(id(spec))
            if known is None:
                planned = plan(replace(bare, scenes=(spec,)), {}, settings)
                when = planned.time.scenes[0]
                seen = review_scene(spec, when, program.format.fps, settings)
                known = (spec, when, (*planned.diagnostics, *seen))
            kept[id(spec)] = known
            facts.append(SceneFacts(spec, moved, known[1], start))
            findings += (shifted(found, spec.span, moved) for found in known[2])
            start += known[1].frames
        self._plans = kept
        if program.expectations:
            silent = tuple(replace(spec, expectations=()) if spec.expectations else spec for spec in program.scenes)
            time = TalkTime(program.format.fps, tuple(fact.time for fact in facts))
            findings += lints.expectations(replace(program, scenes=silent), time)
        here = (replace(fact.spec, span=absolute(fact.spec.span, fact.moved)) for fact in facts)
        findings += review_talk(replace(program, scenes=tuple(here)), settings)
        return tuple(facts), tuple(findings)


def _is_module(unit: Unit | None) -> bool:
    """Whether a file is one that talks use: it declares things, and has no talk and no scene."""
    if unit is None:
        return False
    items = [block.item for block in unit.file.blocks]
    return bool(items) and not any(isinstance(item, tree.Talk | tree.Scene) for item in items)


def absolute(span: Span, moved: int) -> Span:
    """A span of a scene's spec where the scene stands now."""
    return Span(span.path, span.start + moved, span.end + moved) if moved else span
