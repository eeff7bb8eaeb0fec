"""The statements of a scene in order, cut into beats; anchors; `if` and `for` expanded; claims, notes, expectations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from pvc.compiler.check import claims, narration
from pvc.compiler.check.actions import act
from pvc.compiler.check.anchors import Voiced, moment_of
from pvc.compiler.check.clauses import another_statement, duration_of
from pvc.compiler.check.context import Context, suggestion
from pvc.compiler.check.declarations import default_voice
from pvc.compiler.check.expressions import evaluate
from pvc.compiler.check.interpolation import filled
from pvc.compiler.check.loops import MOST_EXPANSIONS, exploded, truth, turns
from pvc.compiler.check.removal import removing, without_cue
from pvc.compiler.check.settings import expectation, open_question
from pvc.compiler.check.sightings import SIGHTINGS, sighting
from pvc.compiler.check.things import UNKNOWN, Thing, Unknown, Visual, VoiceThing
from pvc.compiler.check.tongues import language_of, unspoken
from pvc.compiler.check.types import Type, describe
from pvc.compiler.check.unread import unread_words
from pvc.compiler.check.visuals import Stage, enter
from pvc.compiler.diagnostics.model import Applicability, Label
from pvc.compiler.model.program import (
    Action,
    Beat,
    ClaimSpec,
    Expectation,
    Moment,
    Narration,
    Voice,
)
from pvc.compiler.model.tongues import in_language, speaks
from pvc.compiler.resolve.scope import Binding, Scope
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree


@dataclass(slots=True, eq=False)
class Draft:
    """A scene while it is checked. ``silent``: actions since the last `say`. ``bindings``: every `let`, for lints."""

    stage: Stage
    backend: str
    fallback: str | None
    beats: list[Beat] = field(default_factory=list)
    silent: list[Action] = field(default_factory=list)
    claims: list[ClaimSpec] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    chapter: str | None = None
    expectations: list[Expectation] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    generated: bool = False
    """Whether its titles and notes may name values of the row that it is made of."""
    values: dict[str, str] = field(default_factory=dict)
    """What the names of values in its texts stand for."""

    def fork(self) -> Draft:
        return Draft(self.stage.fork(), self.backend, self.fallback, bindings=self.bindings, generated=self.generated)

    def text(self, ctx: Context, scope: Scope, text: tree.Text) -> str:
        """A title, a note or a claim as it is told."""
        return filled(ctx, scope, text, self.values) if self.generated else text.value


def flush(draft: Draft) -> None:
    """End a beat of silent actions."""
    if draft.silent:
        first, last = draft.silent[0].span, draft.silent[-1].span
        draft.beats.append(Beat(None, tuple(draft.silent), Span(first.path, first.start, max(first.end, last.end))))
        draft.silent.clear()


def statements(
    ctx: Context,
    draft: Draft,
    scope: Scope,
    body: tuple[tree.Statement | tree.PartDecl, ...],
    voiced: Voiced | None,
    out: list[Action],
    inside: str = "scene",
) -> None:
    """Check statements in order; actions are appended to ``out``. ``inside``: `scene`, `say`, `at` or `together`."""
    scope.body = body
    for statement in body:
        if ctx.looping:
            ctx.expansions += 1
            if ctx.expansions > MOST_EXPANSIONS:
                return
        _STATEMENTS[type(statement)](ctx, draft, scope, statement, voiced, out, inside)


def _misplaced(ctx: Context, scope: Scope, at: tree.At, what: str, inside: str, hint: str) -> None:
    where = {"say": "inside a `say`", "at": "inside an `at`", "together": "inside a `together`"}.get(inside, "here")
    ctx.report("PVC0407", f"{what} cannot stand {where}", scope.span(at), hint)


def _action(
    ctx: Context, draft: Draft, scope: Scope, node: tree.Action, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    out.extend(act(ctx, draft.stage, scope, node, None))


def _wait(
    ctx: Context, draft: Draft, scope: Scope, node: tree.Wait, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    duration = duration_of(ctx, scope, node.duration, "`wait`")
    if duration is not None:
        out.append(Action("wait", (), scope.span(node.at), duration=duration))


def _together(
    ctx: Context, draft: Draft, scope: Scope, node: tree.Together, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    children: list[Action] = []
    statements(ctx, draft, scope.inner(), node.body, voiced, children, "together")
    if children:
        out.append(Action("together", (), scope.span(node.at), children=tuple(children)))


def _anchored(
    ctx: Context, draft: Draft, scope: Scope, node: tree.Anchored, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    moment: Moment | None = None
    if voiced is None:
        ctx.report(
            "PVC0406",
            "an anchor needs a narration to hang on",
            scope.span(node.anchor.at),
            "move it into the braces of a `say`, or use `wait` between silent actions",
        )
    elif inside in ("at", "together"):
        _misplaced(ctx, scope, node.anchor.at, "an `at`", inside, "write the anchors one after the other in the `say`")
    else:
        moment = moment_of(ctx, scope, node.anchor, voiced)
    made: list[Action] = []
    statements(ctx, draft, scope.inner(), node.body, voiced, made, "at")
    if moment is not None and made:
        made[0] = replace(made[0], moment=moment)
    out.extend(made)


def _say(
    ctx: Context, draft: Draft, scope: Scope, node: tree.Say, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    if inside != "scene":
        _misplaced(ctx, scope, node.at, "a `say`", inside, "end the braces before it: beats follow each other")
        return
    flush(draft)
    spoken = narration.spoken(ctx, scope, node.text)
    draft.values.update(spoken.values)
    if not any(character.isalnum() for character in spoken.text):
        ctx.report(
            "PVC0413",
            "this `say` says nothing",
            scope.span(node.text.at),
            "write a sentence, or use `wait` for silence",
        )
    around = Voiced(spoken)
    actions: list[Action] = []
    statements(ctx, draft, scope.inner(), node.body, around, actions, "say")
    elsewhere = _expected_at(scope) | unread_words(node.body)
    for cue in spoken.cues:
        if cue.name not in around.used and cue.name not in elsewhere and not ctx.crowded:
            ctx.warn(
                "PVC0702",
                f"nothing hangs on the cue `{cue.name}`",
                cue.span,
                f"use it (`at {cue.name}: ...`) or remove it",
                fixes=without_cue(scope, cue.span, "remove the cue", Applicability.SAFE),
            )
    voice, language = _say_clauses(ctx, scope, node)
    said = Narration(
        spoken.text, spoken.cues, spoken.marks, voice, language, scope.span(node.text.at), values=spoken.values
    )
    draft.beats.append(Beat(said, tuple(actions), scope.span(node.at)))


def _expected_at(scope: Scope) -> set[str]:
    """The cues at which an `expect` of the scene looks, which stands below the narration, or a misplaced anchor."""
    found: set[str] = set()
    around: Scope | None = scope
    while around is not None:
        pending = list(around.body)
        while pending:
            node = pending.pop()
            if isinstance(node, tree.If):
                pending += [*node.body, *node.otherwise]
            elif isinstance(node, tree.For):
                pending += node.body
            elif isinstance(node, tree.Anchored):  # outside of the braces, which is said of it
                if isinstance(node.anchor.target, tree.Name):
                    found.add(node.anchor.target.parts[0])
            elif isinstance(node, tree.Expect):
                for clause in node.clauses:
                    at = clause.value.left if isinstance(clause.value, tree.Binary) else clause.value
                    if isinstance(at, tree.Name):
                        found.add(at.parts[0])
        around = around.parent
    return found


def _say_clauses(ctx: Context, scope: Scope, node: tree.Say) -> tuple[Voice | None, str | None]:
    voice: Voice | None = None
    language: str | None = None
    place = scope.span(node.at)
    for clause in node.clauses:
        span = scope.span(clause.at)
        value: Thing
        if clause.keyword in ("voice", "by"):
            value = evaluate(ctx, scope, clause.value, Type("voice"))
            if isinstance(value, VoiceThing):
                voice = value.voice
            elif not isinstance(value, Unknown):
                ctx.report(
                    "PVC0326", f"a voice stands here, this is {describe(value)}", span, 'as in `say "..." voice ada`'
                )
        elif clause.keyword in ("language", "lang"):
            language = language_of(ctx, scope, clause.value)
            place = scope.span(clause.value.at)
        else:
            if another_statement(ctx, scope, clause):
                continue
            word = scope.span(clause.name_at)
            hint, fixes = suggestion(clause.keyword, ("voice", "language"), word)
            ctx.report("PVC0331", f"`say` does not take `{clause.keyword}`", word, hint, fixes=fixes)
    if language is not None and not speaks(default_voice(), language):
        from pvc.compiler.check.queries import FINISHED

        speaker = voice or ctx.db.get(FINISHED, ctx.env).value.voice
        if speaker is not None and not speaks(in_language(speaker, language) if voice is None else speaker, language):
            unspoken(ctx, language, place, "let somebody say it who does: `voice NAME`")
    return voice, language


def _claim(
    ctx: Context, draft: Draft, scope: Scope, node: tree.Claim, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    if draft.generated:
        quote = replace(node.quote, value=draft.text(ctx, scope, node.quote)) if node.quote is not None else None
        node = replace(node, text=replace(node.text, value=draft.text(ctx, scope, node.text)), quote=quote)
    found = claims.claim(ctx, scope, node)
    if found is not None:
        draft.claims.append(found)


def _expect(
    ctx: Context, draft: Draft, scope: Scope, node: tree.Expect, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    if isinstance(node.condition, tree.Unary) and node.condition.op in SIGHTINGS:
        found = sighting(ctx, scope, node, draft.stage, draft.beats, voiced)
    else:
        found = expectation(ctx, scope, node)
    if found is not None:
        draft.expectations.append(found)


def _remark(
    ctx: Context, draft: Draft, scope: Scope, node: tree.Remark, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    if not node.text.value.strip():
        fixes = removing(scope, node.at)
        ctx.report(
            "PVC0413", f"this `{node.kind}` says nothing", scope.span(node.at), "write it, or remove it", fixes=fixes
        )
        return
    if node.kind == "chapter":
        if draft.chapter is not None:
            fixes = removing(scope, node.at, title="remove the second")
            ctx.report(
                "PVC0311", "this scene has two chapter titles", scope.span(node.at), "keep one of them", fixes=fixes
            )
        draft.chapter = draft.text(ctx, scope, node.text)
    elif node.kind == "review":
        open_question(ctx, scope, node)
    else:
        draft.notes.append(draft.text(ctx, scope, node.text))


def _let(
    ctx: Context, draft: Draft, scope: Scope, node: tree.Let, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    value = evaluate(ctx, scope, node.value)
    at = node.name_at
    previous = scope.names.get(node.name)
    if previous is not None:
        previous.used = True  # which of the two was meant nobody knows
        label = Label(previous.span, "the first is here")
        ctx.report(
            "PVC0209",
            f"`{node.name}` is defined twice in this scene",
            scope.span(at),
            "choose another name",
            labels=(label,),
        )
    else:
        outer = scope.local(node.name) or scope.unit.values.get(node.name)
        if outer is not None and outer.unit is scope.unit:
            label = Label(outer.span, "the other is here")
            ctx.warn(
                "PVC0704",
                f"`{node.name}` hides another `{node.name}`",
                scope.span(at),
                "choose another name, so that readers cannot mix them up",
                labels=(label,),
            )
    binding = Binding(node.name, "let", scope.unit, scope.base, at, node, value)
    if isinstance(value, Visual):
        draft.stage.names.setdefault(value, node.name)
        if isinstance(node.value, tree.Call):
            enter(draft.stage, value, named=True)
    if value is UNKNOWN or node.name in scope.awaited:
        binding.used = True
    scope.names[node.name] = binding
    draft.bindings.append(binding)


def _if(
    ctx: Context, draft: Draft, scope: Scope, node: tree.If, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    condition = truth(ctx, scope, node.condition)
    taken, other = (node.body, node.otherwise) if condition is True else (node.otherwise, node.body)
    silenced = [other] if isinstance(condition, bool) else [node.body, node.otherwise]
    for body in silenced:  # checked like the rest, but nothing of it is kept
        statements(ctx, draft.fork(), scope.inner(), body, voiced, [], inside)
    if isinstance(condition, bool):
        statements(ctx, draft, scope.inner(), taken, voiced, out, inside)


def _for(
    ctx: Context, draft: Draft, scope: Scope, node: tree.For, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    items, keep = turns(ctx, scope, node)
    exploded_before = ctx.expansions > MOST_EXPANSIONS
    ctx.looping += 1
    for item in items:
        inner = scope.inner(loop=True)
        at = node.name_at
        inner.names[node.variable] = Binding(node.variable, "for", scope.unit, scope.base, at, node, item, used=True)
        target = draft if keep else draft.fork()
        statements(ctx, target, inner, node.body, voiced, out if keep else [], inside)
        ctx.expansions += 1
        if ctx.expansions > MOST_EXPANSIONS:
            break
    ctx.looping -= 1
    if not exploded_before:  # said of the loop that was one too many, not of those behind it
        exploded(ctx, scope, node)


def _setting(
    ctx: Context, draft: Draft, scope: Scope, node: tree.Setting, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    message = f"`{node.name} = ...` stands in the `talk {{ ... }}`, not in a scene"
    hint = (
        f"a value with a name is `let {node.name} = ...`" if node.name != "let" else "it is written: let name = value"
    )
    ctx.report("PVC0407", message, scope.span(node.at), hint)


def _inside_components(
    ctx: Context,
    draft: Draft,
    scope: Scope,
    node: tree.Arrangement | tree.PartDecl,
    voiced: Voiced | None,
    out: list[Action],
    inside: str,
) -> None:
    what = f"`{node.kind} {{ ... }}`" if isinstance(node, tree.Arrangement) else "a `part`"
    hint = "declare a component for it: `component pair(...) { row { show a; show b } }`"
    ctx.report("PVC0407", f"{what} stands in a component, not in a scene", scope.span(node.at), hint)


def _broken(
    ctx: Context, draft: Draft, scope: Scope, node: tree.Broken, voiced: Voiced | None, out: list[Action], inside: str
) -> None:
    """The parser has said why. What becomes of the visuals that it names is not known, so nothing is said of that."""
    for word in unread_words(node):
        binding = scope.local(word)
        entry = draft.stage.entries.get(binding.value) if binding and isinstance(binding.value, Visual) else None
        if entry is not None:
            entry.dead = True


_STATEMENTS: dict[type, Callable[[Context, Draft, Scope, Any, Voiced | None, list[Action], str], None]] = {
    tree.Action: _action,
    tree.Wait: _wait,
    tree.Together: _together,
    tree.Anchored: _anchored,
    tree.Say: _say,
    tree.Claim: _claim,
    tree.Expect: _expect,
    tree.Remark: _remark,
    tree.Let: _let,
    tree.If: _if,
    tree.For: _for,
    tree.Setting: _setting,
    tree.Arrangement: _inside_components,
    tree.PartDecl: _inside_components,
    tree.Broken: _broken,
}
