"""`music` and `sound`: what is heard beside the voice; and `play`, which lets a sound be heard at a moment."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from pvc.compiler.check.clauses import unknown_clause
from pvc.compiler.check.context import Context, suggestion
from pvc.compiler.check.declarations import arguments, reader
from pvc.compiler.check.expressions import evaluate, word_of
from pvc.compiler.check.fit import read
from pvc.compiler.check.things import UNKNOWN, MusicThing, SoundThing, Thing, Unknown
from pvc.compiler.check.types import BOOL, DURATION, INT, NUMBER, TEXT, Type, describe
from pvc.compiler.check.verbs import Verb
from pvc.compiler.model.program import NO_MUSIC, Action, Effect, Moment, Music
from pvc.compiler.model.values import Asset, Duration, Symbol
from pvc.compiler.resolve.scope import Scope
from pvc.compiler.syntax import tree

GAIN = (Fraction(-40), Fraction(12))
"""Decibels that a sound may be louder (or softer) than it is by itself."""
MOODS = ("calm", "bright", "dark")
"""Scales of a generated score."""
KEYS = ("C", "C#", "Db", "D", "D#", "Eb", "E", "F", "F#", "Gb", "G", "G#", "Ab", "A", "A#", "Bb", "B")
STEPS = dict(zip(KEYS, (0, 1, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 8, 9, 10, 10, 11), strict=True))
"""Semitones above C."""

_SOUND = Type("sound")
_PLAY = Verb(frozenset({"gain"}), (1, 1), usage="play ding gain -6")
_FILE: dict[str, tuple[Type, bool]] = {
    "file": (_SOUND, True),
    "gain": (NUMBER, False),
    "loop": (BOOL, False),
    "start": (DURATION, False),
}
_PAD: dict[str, tuple[Type, bool]] = {
    "seed": (INT, False),
    "key": (TEXT, False),
    "mood": (Type("symbol", tuple(Type(word) for word in MOODS)), False),
    "chord": (DURATION, False),
    "gain": (NUMBER, False),
}
_CHORD = (Fraction(2), Fraction(20))
"""Seconds for which a chord of a generated score may last."""


def music(ctx: Context, scope: Scope, node: tree.Declaration) -> Thing:
    """`music bed = file("bed.ogg", gain: -3)`, `music bed = pad(seed: 7, key: "D", mood: calm)`."""
    if isinstance(node.value, tree.Text):
        asset = read(ctx, scope, node.value, _SOUND, f"the music `{node.name}`")
        return MusicThing(Music(node.name, "file", asset)) if isinstance(asset, Asset) else UNKNOWN
    call = reader(ctx, scope, node, ("file", "pad"), f'music {node.name} = file("bed.ogg")')
    if call is None:
        return UNKNOWN
    made = call.callee.parts[0]
    found = arguments(ctx, scope, call, _FILE if made == "file" else _PAD, made)
    if found is None:
        return UNKNOWN
    gain = _gain(ctx, scope, call, found)
    if gain is None:
        return UNKNOWN
    if made == "file":
        begin = _seconds(found.get("start"))
        return MusicThing(
            Music(node.name, "file", cast(Asset, found["file"]), gain, bool(found.get("loop", True)), begin)
        )
    key = str(found.get("key", "D"))
    if key not in STEPS:
        span = scope.span(_given(call, "key"))
        hint, fixes = suggestion(key, KEYS, span)
        ctx.report("PVC0320", f"there is no key `{key}`", span, hint or f"one of {', '.join(KEYS)}", fixes=fixes)
        return UNKNOWN
    chord = _seconds(found.get("chord")) or Fraction(6)
    if not _CHORD[0] <= chord <= _CHORD[1]:
        ctx.report("PVC0320", "a chord lasts from 2 to 20 seconds", scope.span(_given(call, "chord")))
        return UNKNOWN
    mood = found.get("mood")
    score = (
        ("seed", int(cast(int, found.get("seed", 1)))),
        ("root", STEPS[key]),
        ("mood", mood.name if isinstance(mood, Symbol) else "calm"),
        ("chord", chord),
    )
    return MusicThing(Music(node.name, "pad", None, gain, score=score))


def sound(ctx: Context, scope: Scope, node: tree.Declaration) -> Thing:
    """`sound ding = file("ding.wav", gain: -6)`."""
    if isinstance(node.value, tree.Text):
        asset = read(ctx, scope, node.value, _SOUND, f"the sound `{node.name}`")
        return SoundThing(Effect(node.name, asset)) if isinstance(asset, Asset) else UNKNOWN
    call = reader(ctx, scope, node, ("file",), f'sound {node.name} = file("click.wav")')
    if call is None:
        return UNKNOWN
    found = arguments(ctx, scope, call, {"file": (_SOUND, True), "gain": (NUMBER, False)}, "file")
    gain = _gain(ctx, scope, call, found) if found is not None else None
    if found is None or gain is None:
        return UNKNOWN
    return SoundThing(Effect(node.name, cast(Asset, found["file"]), gain))


def _given(call: tree.Call, name: str) -> tree.At:
    return next((each.at for each in call.arguments if each.name == name), call.at)


def _seconds(value: object) -> Fraction:
    return value.seconds if isinstance(value, Duration) else Fraction(0)


def _gain(ctx: Context, scope: Scope, call: tree.Call, found: dict[str, Thing]) -> Fraction | None:
    gain = Fraction(cast("int | Fraction", found.get("gain", 0)))
    if not GAIN[0] <= gain <= GAIN[1]:
        message = f"`gain` is between {GAIN[0]} and {GAIN[1]} decibels"
        ctx.report("PVC0320", message, scope.span(_given(call, "gain")))
        return None
    return gain


def chosen_music(ctx: Context, scope: Scope, expr: tree.Expr) -> Music | None:
    """What `music = ...` of a talk or `music ...` of a scene names; `none` is no music. None where it was reported."""
    if word_of(expr) == "none" and scope.value("none") is None:
        return NO_MUSIC
    value = evaluate(ctx, scope, expr, Type("music"))
    if isinstance(value, MusicThing):
        return value.music
    if not isinstance(value, Unknown):
        hint = 'declare it: `music bed = file("bed.ogg")`, or `music bed = pad()`'
        ctx.report("PVC0301", f"`music` takes music, this is {describe(value)}", scope.span(expr.at), hint)
    return None


def play(ctx: Context, scope: Scope, action: tree.Action, effect: Effect, moment: Moment | None) -> Action:
    """`play ding gain -6`: a sound begins at this moment; what follows does not wait for it."""
    gain = effect.gain
    for clause in action.clauses:
        if clause.keyword != "gain":
            unknown_clause(ctx, scope, action, clause, _PLAY)
            continue
        value = read(ctx, scope, clause.value, NUMBER, "`gain`")
        if isinstance(value, Unknown):
            continue
        given = Fraction(cast("int | Fraction", value))
        if not GAIN[0] <= given <= GAIN[1]:
            message = f"`gain` is between {GAIN[0]} and {GAIN[1]} decibels"
            ctx.report("PVC0320", message, scope.span(clause.value.at))
        else:
            gain += given
    return Action("sound", (), scope.span(action.at), moment=moment, options=(("sound", effect.asset), ("gain", gain)))
