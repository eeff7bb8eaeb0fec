"""The whole front end for one talk: read, parse, resolve, check; every error of every file in one run.

Invariant: the same files give the same diagnostics in the same order (by file in the order read, then by place).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pvc.compiler.check import scenes, settings
from pvc.compiler.check.components import component_of
from pvc.compiler.check.context import Context
from pvc.compiler.check.expressions import binding_value
from pvc.compiler.check.things import ConceptThing, PaperThing
from pvc.compiler.check.translations import Overlay, overlays, translating
from pvc.compiler.check.translations import translated as overlaid
from pvc.compiler.check.unused import unused
from pvc.compiler.diagnostics.model import Diagnostic, Label, Severity
from pvc.compiler.model.program import ConceptSpec, Program, SceneSpec, Source
from pvc.compiler.model.values import Asset, Symbol, Value
from pvc.compiler.resolve import files
from pvc.compiler.resolve.scope import Scope, Unit
from pvc.compiler.source import Span
from pvc.compiler.syntax import tree
from pvc.compiler.syntax.version import VERSION, stated
from pvc.compiler.world import World

if TYPE_CHECKING:
    from pvc.compiler.check.memo import SceneMemo


@dataclass(frozen=True, slots=True)
class Checked:
    """``program`` is None where there is no talk to speak of; where ``diagnostics`` hold an error it is partial (for an
    editor) and must not be built. ``files``: (path, BLAKE3 digest) of everything read.

    ``units``: every file with what it declares, the talk's own first. ``moved``: by how many characters each scene of
    the program has moved since it was checked, where a memo was given: its spans are off by that (those of
    diagnostics never are).
    """

    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[tuple[str, str], ...]
    units: tuple[Unit, ...] = field(default=(), compare=False, repr=False)
    moved: tuple[int, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the program may be built: no diagnostic is an error."""
        return self.program is not None and all(each.severity is not Severity.ERROR for each in self.diagnostics)


def check(
    path: str,
    world: World,
    memo: SceneMemo | None = None,
    format: str | None = None,
    language: str | None = None,
    translations: bool = True,
) -> Checked:
    """Check the talk in a file, for one of its formats (None, or one that it has not: for the first) and in one of its
    languages (None, or one that it is not translated into: as it is written). Never raises for anything that a file
    can hold. ``memo`` keeps what scenes gave, for who checks the same talk again and again. ``translations``: whether
    findings about translations are wanted when the talk is checked as it is written."""
    ctx = Context(world, format, language)
    unit = files.load(ctx, path, None, [])
    other = _other_language(unit) if unit is not None else None
    if other is not None:  # whatever else seems wrong with it may be right in its own language
        return Checked(None, (other,), tuple(ctx.files.items()), (unit,) if unit is not None else ())
    program = _program(ctx, unit, memo, translations) if unit is not None else None
    units = sorted(ctx.units.values(), key=lambda each: each is not unit)
    moved = memo.moved if memo is not None and program is not None else ()
    return Checked(program, _ordered(ctx), tuple(ctx.files.items()), tuple(units), moved)


def _other_language(unit: Unit) -> Diagnostic | None:
    """What is said of a talk that states another version of the language than ours."""
    found = stated(unit.file)
    if found is None or found.number == VERSION:
        return None
    from pvc.compiler.migrate.run import migration, refusal

    return refusal(found.number, found.span) or migration(unit.file, found)


def _ordered(ctx: Context) -> tuple[Diagnostic, ...]:
    order = {unit.path: index for index, unit in enumerate(ctx.units.values())}

    def key(found: Diagnostic) -> tuple[int, int, int, str, str]:
        span = found.span
        if span is None:
            return (-1, 0, 0, found.code, found.message)
        return (order.get(span.path, len(order)), span.start, span.end, found.code, found.message)

    return tuple(sorted(ctx.diagnostics, key=key))


def _talk(ctx: Context, unit: Unit) -> tuple[Scope, tree.Talk] | None:
    first: tuple[Scope, tree.Talk] | None = None
    for block in unit.file.blocks:
        if not isinstance(block.item, tree.Talk):
            continue
        scope = Scope(unit, block.start)
        if first is None:
            first = (scope, block.item)
        else:
            label = Label(first[0].span(first[1].at), "the first is here")
            ctx.report(
                "PVC0202",
                "a file holds one talk",
                scope.span(block.item.at),
                "put the other into a file of its own",
                labels=(label,),
            )
    return first


def _program(ctx: Context, unit: Unit, memo: SceneMemo | None, translations: bool) -> Program | None:
    found = _talk(ctx, unit)
    if found is None:
        if not any(isinstance(block.item, tree.Broken) for block in unit.file.blocks):
            ctx.report("PVC0201", f"`{unit.path}` holds no talk", None, 'begin it with `talk "Title" { }`')
        node = tree.Talk(tree.Text(""), ())
        scope = Scope(unit, 0)
    else:
        scope, node = found
    talk = settings.talk_settings(ctx, scope, node)
    settings.finish_settings(ctx, scope, node, talk)
    concepts = _concepts(ctx, unit)
    lexicon = _lexicon(ctx, unit)
    overlays = _overlays(ctx, unit, talk.language, translations)
    overlay = overlays.get(ctx.language or "")
    if overlay is not None:
        ctx.settings |= {"language": Symbol(overlay.language), "title": overlay.title or node.title.value}
    for each in list(ctx.units.values()):
        if not each.standard:
            _declared(ctx, each)
    checked = _scenes(ctx, unit, talk, memo)
    title, language, voice = node.title.value, talk.language, talk.voice
    if overlays and voice is not None:
        original = (talk.language, voice, lexicon)
        moved = memo.moved if memo is not None else ()
        wanted = [overlay] if overlay is not None else overlays.values() if "language" not in ctx.asked else ()
        for laid in wanted if overlay is not None or translations else ():
            said = overlaid(ctx, laid, checked, original, moved, _source(ctx))
            if laid is overlay:
                checked, lexicon, title = said, laid.lexicon, laid.title or title
                language, voice = laid.language, laid.voice
                if laid.description is not None:
                    talk.rest = [(name, value) for name, value in talk.rest if name != "description"]
                    talk.rest.append(("description", laid.description))
    unused(ctx, unit)
    fonts = _fonts(ctx, unit)
    if fonts:
        talk.rest.append(("fonts", fonts))
    if found is None or talk.theme is None or talk.voice is None:
        return None
    if not checked and not ctx.errors():
        ctx.report(
            "PVC0414", "the talk has no scenes", scope.span(node.at), 'add `scene opening "Title" { say "..." }`'
        )
    return Program(
        title,
        talk.format,
        talk.theme,
        voice or talk.voice,
        language,
        talk.audience,
        checked,
        concepts,
        lexicon,
        _sources(unit),
        tuple(talk.expectations),
        tuple(talk.rest),
        tuple(ctx.files.items()),
        tuple(one.name for one in talk.formats),
        tuple(overlays),
        talk.transition,
    )


def _overlays(ctx: Context, unit: Unit, language: str, told: bool) -> dict[str, Overlay]:
    """The talk's translations. Unless they are ``told`` of, what is wrong with one matters only where it is asked
    for."""
    used = [binding for binding in unit.modules.values() if isinstance(binding.value, Unit)]
    holding = [unit]
    for binding in used:
        assert isinstance(binding.value, Unit)
        if not binding.value.standard and translating(binding.value):
            binding.used = True
            holding.append(binding.value)
    count = len(ctx.diagnostics)
    found = overlays(ctx, holding, lambda scope, entries: _entries(ctx, scope, entries))
    own = found.pop(language, None)
    if own is not None:
        ctx.report("PVC0310", f"`{language}` is the language of the talk itself", own.span, "say it in the scenes")
    if not told and ctx.language is None:
        places = [
            Scope(each, block.start).span(block.item.at)
            for each in holding
            for block in each.file.blocks
            if isinstance(block.item, tree.Translation)
        ]
        ctx.diagnostics[count:] = [each for each in ctx.diagnostics[count:] if not _within(each.span, places)]
    return found


def _within(span: Span | None, places: Sequence[Span]) -> bool:
    return span is not None and any(
        span.path == place.path and place.start <= span.start and span.end <= place.end for place in places
    )


def _source(ctx: Context) -> Callable[[Span], str | None]:
    """Texts of .vid files as they are written."""
    texts: dict[str, str] = {}

    def source(span: Span) -> str | None:
        if not span.path.endswith(".vid"):
            return None
        if span.path not in texts:
            unit = next((each for each in ctx.units.values() if each.path == span.path), None)
            texts[span.path] = "".join(block.text for block in unit.file.blocks) if unit is not None else ""
        return texts[span.path][span.start : span.end] or None

    return source


def _scenes(ctx: Context, unit: Unit, talk: settings.Talk, memo: SceneMemo | None) -> tuple[SceneSpec, ...]:
    checked: list[SceneSpec] = []
    seen: dict[str, tuple[tree.Block, tree.Scene]] = {}
    if memo is not None:
        memo.begin(ctx, unit)
    for block in unit.file.blocks:
        item = block.item
        if isinstance(item, tree.Scene):
            scope = Scope(unit, block.start)
            first = seen.setdefault(item.name, (block, item))
            if first[0] is not block:
                ctx.report(
                    "PVC0209",
                    f"two scenes are named `{item.name}`",
                    scope.span(item.name_at),
                    "rename one of them",
                    labels=(Label(Scope(unit, first[0].start).span(first[1].name_at), "the first is here"),),
                )
            if memo is not None:
                checked.append(memo.scene(ctx, scope, block, item, talk.backend, talk.fallback))
            else:
                checked.append(scenes.scene(ctx, scope, item, talk.backend, talk.fallback))
    return tuple(checked)


def _concepts(ctx: Context, unit: Unit) -> tuple[ConceptSpec, ...]:
    found: list[ConceptSpec] = []
    modules = [binding.value for binding in unit.modules.values() if isinstance(binding.value, Unit)]
    for each in (unit, *modules):
        if each.standard:
            continue
        for binding in each.values.values():
            if binding.kind == "concept":
                used = binding.used
                value = binding_value(ctx, binding, binding.span)
                binding.used = used  # it colours what speaks of it: that alone is no use of it
                if isinstance(value, ConceptThing):
                    found.append(value.concept)
    return tuple(found)


def _fonts(ctx: Context, unit: Unit) -> tuple[Value, ...]:
    """The project's own font files, tried after the theme's families."""
    found: list[Value] = []
    for binding in unit.values.values():
        if binding.kind == "font":
            value = binding_value(ctx, binding, binding.span)
            if isinstance(value, Asset):
                found.append(value)
    return tuple(found)


def _lexicon(ctx: Context, unit: Unit) -> tuple[tuple[str, str], ...]:
    entries: dict[str, str] = {}
    for block in unit.file.blocks:
        if isinstance(block.item, tree.Lexicon):
            entries = dict(_entries(ctx, Scope(unit, block.start), block.item.entries, entries))
    return tuple(entries.items())


def _entries(
    ctx: Context, scope: Scope, nodes: Sequence[object], known: Mapping[str, str] | None = None
) -> tuple[tuple[str, str], ...]:
    """The entries of a lexicon, behind those that are ``known`` already."""
    entries = dict(known or {})
    for entry in nodes:
        if not isinstance(entry, tree.LexiconEntry):
            continue
        written = entry.written.value
        span = scope.span(entry.written.at)
        if not written.strip():
            ctx.report("PVC0326", "an entry of the lexicon needs a word", span, 'as in `"BLEU" -> "blue"`')
        elif written in entries:
            ctx.report("PVC0209", f"`{written}` is in the lexicon twice", span, "remove one of them")
        else:
            entries[written] = entry.spoken.value
    return tuple(entries.items())


def _declared(ctx: Context, unit: Unit) -> None:
    """Check what nothing has used yet: a mistake is a mistake even where nobody looks."""
    for namespace in (unit.values, unit.themes):
        for binding in namespace.values():
            used = binding.used
            binding_value(ctx, binding, binding.span)
            binding.used = used
    for binding in unit.components.values():
        used = binding.used
        component = component_of(ctx, binding)
        for name, parameter in component.parameters.items():
            if parameter.default is not None and component.usable and not unit.standard:
                from pvc.compiler.check.calls import default_value

                default_value(ctx, component, component.parameters[name])
        binding.used = used


def _sources(unit: Unit) -> tuple[Source, ...]:
    return tuple(
        binding.value.source
        for binding in unit.values.values()
        if binding.kind == "paper" and isinstance(binding.value, PaperThing)
    )
