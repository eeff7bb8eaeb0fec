"""A scene: its statements put together, what it shows and on which backend, and what is said of it as a whole."""

from __future__ import annotations

from pvc.compiler.check import placeholders, programs
from pvc.compiler.check.clauses import backend_word
from pvc.compiler.check.context import Context, suggestion
from pvc.compiler.check.generated import CLAUSES
from pvc.compiler.check.lifecycle import Entry
from pvc.compiler.check.removal import removing
from pvc.compiler.check.settings import read_symbol
from pvc.compiler.check.statements import Draft, flush, statements
from pvc.compiler.check.things import Visual
from pvc.compiler.check.unread import unread_words
from pvc.compiler.check.visuals import Stage
from pvc.compiler.diagnostics.model import Label
from pvc.compiler.model.program import (
    TRANSITIONS,
    Action,
    Music,
    SceneSpec,
    VisualSpec,
)
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.syntax import tree


def scene(
    ctx: Context, unit_scope: Scope, node: tree.Scene, backend: str, fallback: str | None, name: str
) -> SceneSpec:
    """The scene checked, called ``name``; what is wrong is reported and left out."""
    scope = unit_scope
    transition: str | None = None
    music: Music | None = None
    for clause in node.clauses:
        if clause.keyword == "on":
            backend = backend_word(ctx, scope, clause) or backend
        elif clause.keyword == "fallback":
            fallback = backend_word(ctx, scope, clause) or fallback
        elif clause.keyword == "music":
            from pvc.compiler.check.sounds import chosen_music

            music = chosen_music(ctx, scope, clause.value) or music
        elif clause.keyword == "transition":
            transition = read_symbol(ctx, scope, clause.value, TRANSITIONS, "`transition`") or transition
        elif clause.keyword not in CLAUSES:
            span = scope.span(clause.at)
            hint, fixes = suggestion(
                clause.keyword,
                ("on", "fallback", "transition", "music", "for", "if"),
                scope.span(clause.name_at),
            )
            ctx.report("PVC0331", f"a scene does not take `{clause.keyword}`", span, hint, fixes=fixes)
    generated = any(clause.keyword == "for" for clause in node.clauses)
    draft = Draft(Stage(), backend, fallback, generated=generated)
    title = draft.text(ctx, scope, node.title) if node.title is not None else None
    errors = len(ctx.diagnostics)
    statements(ctx, draft, scope, node.body, None, draft.silent)
    flush(draft)
    unread = any(isinstance(statement, tree.Broken) for statement in node.body)  # the parser has said why
    if not draft.beats and errors == len(ctx.diagnostics) and not unread:
        ctx.report(
            "PVC0414",
            f"nothing is said or shown in the scene `{node.name}`",
            scope.span(node.at),
            "add a `say`, a `show` or a `wait`, or remove the scene",
        )
    _lints(ctx, draft, node)
    _wordless(ctx, draft, scope)
    return SceneSpec(
        name,
        title,
        _visuals(ctx, draft),
        tuple(draft.beats),
        tuple(draft.claims),
        scope.span(node.at),
        tuple(draft.notes),
        draft.chapter,
        tuple(draft.expectations),
        transition,
        music,
        tuple(sorted(draft.values.items())),
    )


def _visuals(ctx: Context, draft: Draft) -> tuple[VisualSpec, ...]:
    """The visuals that come on screen, each on one backend; those that are transformed into each other on the same."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.get(name, name) != name:
            name = leader[name]
        return name

    def join(actions: tuple[Action, ...]) -> None:
        for action in actions:
            if action.verb == "transform" and action.target is not None:
                leader[find(action.target)] = find(action.visuals[0])
            join(action.children)

    for beat in draft.beats:
        join(beat.actions)
    chosen: dict[str, Entry] = {}
    for entry in draft.stage.order:
        if entry.backend is None:
            continue
        first = chosen.setdefault(find(entry.id), entry)
        if first.backend != entry.backend:
            labels = (Label(first.backend_span, f"{first.backend} was chosen here"),) if first.backend_span else ()
            message = f"`{first.id}` and `{entry.id}` are transformed into each other, so one backend draws both"
            ctx.report("PVC0332", message, entry.backend_span, "choose one for both", labels=labels)
    specs: list[VisualSpec] = []
    for entry in draft.stage.order:
        if not entry.ever:
            continue
        group = chosen.get(find(entry.id))
        backend = group.backend if group is not None and group.backend is not None else draft.backend
        fallback = entry.fallback or (group.fallback if group is not None else None) or draft.fallback
        component = entry.visual.component
        arguments = entry.visual.arguments
        if component.layout == programs.LAYOUT:  # its engine runs in its own process; here a picture is painted
            stated = entry.fallback or (group.fallback if group is not None else None)
            arguments = programs.engine(ctx, entry.visual, backend, stated, entry.visual.span)
            backend, fallback = "canvas", None
        programs.warn(ctx, entry.visual, entry.id)
        specs.append(
            VisualSpec(
                entry.id,
                component.full,
                component.layout,
                arguments,
                backend,
                component.render.get(backend),
                fallback if fallback != backend else None,
                entry.visual.span,
                entry.visual.built.places if entry.visual.built is not None else (),
            )
        )
    return tuple(specs)


def _lints(ctx: Context, draft: Draft, scene: tree.Scene) -> None:
    for film in draft.stage.order:
        if film.ever and film.played is None and not film.dead and "play" in film.visual.component.actions:
            ctx.warn(
                "PVC0713",
                f"`{film.id}` is shown, but never played",
                film.visual.span,
                f"add `play {film.id}`; until then its first frame stands",
            )
    for binding in draft.bindings:
        if binding.name.startswith("_") or binding.meant:
            continue
        if not binding.used:
            if binding.name in unread_words(scene.body):
                continue
            node, scope = binding.node, Scope(binding.unit, binding.base)
            fixes = removing(scope, node.at) if isinstance(node, tree.Let) else ()
            ctx.warn("PVC0701", f"`{binding.name}` is never used", binding.span, "remove it, or use it", fixes=fixes)
        elif isinstance(binding.value, Visual):
            entry = draft.stage.entries.get(binding.value)
            if entry is not None and not entry.ever and not entry.dead:
                ctx.warn("PVC0703", f"`{binding.name}` is never shown", binding.span, f"add `show {binding.name}`")


_PICTURES = ("image", "figure", "video")


def _wordless(ctx: Context, draft: Draft, scope: Scope) -> None:
    """Pictures that nobody puts into words, also such as stand in components."""
    hint = 'say in words what is seen: `description: "..."`, or give it a caption'
    for entry in draft.stage.order:
        if not entry.ever:
            continue
        visual = entry.visual
        if _undescribed(visual):
            message = f"`{entry.id}` is not described for those who cannot see it"
            fixes = placeholders.argument_at(scope, visual.span, 'description: "TODO"')
            ctx.warn("PVC0737", message, visual.span, hint, fixes=fixes)
        for leaf in visual.built.leaves if visual.built is not None else ():
            if _undescribed(leaf):
                message = f"`{leaf.component.name}` in `{entry.id}` is not described for those who cannot see it"
                ctx.warn("PVC0737", message, leaf.span, hint, labels=(Label(visual.span, "it is shown here"),))


def _undescribed(visual: Visual) -> bool:
    if visual.component.layout not in _PICTURES or visual.broken:
        return False
    arguments = dict(visual.arguments)
    return not any(str(arguments.get(name, "")).strip() for name in ("description", "caption"))
