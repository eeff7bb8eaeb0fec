"""The lints' part of a project's configuration: `[lint]` in `pvc.toml`, `[tool.pvc.lint]` in `pyproject.toml`.

    [lint]
    unsourced-claim = "deny"                            # by name or by code: allow, note, warn or deny
    warnings = "deny"                                   # every warning that has no level of its own
    speaking-rate = { level = "warn", words_per_minute = 170 }

The nearest of these files counts, from the talk's folder upwards. It is read through the World, so that a build knows
that its settings changed. What is wrong with it is a finding in that file.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from pvc.compiler.diagnostics.model import Diagnostic, Edit, Fix, Severity
from pvc.compiler.lints.settings import DEFAULT, WARNINGS, Level, Settings
from pvc.compiler.lints.table import Lint, find, near
from pvc.compiler.lints.toml import fault, place
from pvc.compiler.resolve.near import nearest
from pvc.compiler.source import Span
from pvc.compiler.world import Unreadable, World

OWN, PROJECT = "pvc.toml", "pyproject.toml"
LARGEST = 1 << 16
"""Bytes of a configuration that is read."""
MOST = 50
"""Findings that are told of one configuration."""


@dataclass(frozen=True, slots=True)
class Configured:
    """``path`` is the file that was read, None where there is none."""

    settings: Settings = DEFAULT
    diagnostics: tuple[Diagnostic, ...] = ()
    path: str | None = None


def _folders(path: str) -> Iterator[str]:
    """The folder of a file and those above it, as they can be joined to a name."""
    folder = os.path.dirname(os.path.abspath(path))
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def _read(world: World, path: str) -> bytes | None:
    try:
        return world.read(path)
    except Unreadable:
        return None


def find_file(world: World, talk: str) -> tuple[str, bytes] | None:
    """The configuration nearest to a talk, and what is in it."""
    for folder in _folders(talk):
        own = os.path.join(folder, OWN)
        data = _read(world, own)
        if data is not None:
            return own, data
        project = os.path.join(folder, PROJECT)
        data = _read(world, project)
        if data is not None and b"[tool.pvc" in data:
            return project, data
    return None


def configured(world: World, talk: str) -> Configured:
    """What the configuration nearest to a talk says of lints."""
    found = find_file(world, talk)
    if found is None:
        return Configured()
    path, data = found
    return read(data, path if os.path.isabs(talk) else os.path.relpath(path))


@lru_cache(maxsize=8)
def read(data: bytes, path: str) -> Configured:
    """The settings in a configuration's bytes."""
    if len(data) > LARGEST:
        return _only(path, "This configuration is too large to be one", 0, 0, "check the path")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _only(path, "This configuration is not UTF-8", error.start, error.start, "save it as UTF-8")
    try:
        whole: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words, (start, end) = fault(text, error)
        return _only(path, f"This is no TOML: {words}", start, end, "see https://toml.io for the format")
    except RecursionError:
        return _only(path, "This configuration nests too deeply", 0, 0, "settings are `name = value`")
    prefix = ("tool", "pvc", "lint") if os.path.basename(path) == PROJECT else ("lint",)
    for key in prefix:
        whole = whole.get(key, {}) if isinstance(whole, Mapping) else {}
    reading = _Reading(text, path, prefix)
    reading.table(whole)
    return Configured(reading.settings(), tuple(reading.diagnostics), path)


def _only(path: str, message: str, start: int, end: int, hint: str) -> Configured:
    return Configured(DEFAULT, (Diagnostic("PVC0907", Severity.ERROR, message, Span(path, start, end), hint),), path)


@dataclass(slots=True)
class _Reading:
    """One table while it is read."""

    text: str
    path: str
    prefix: tuple[str, ...]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    levels: dict[str, Level] = field(default_factory=dict)
    limits: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    warnings: Level | None = None

    def settings(self) -> Settings:
        return Settings(tuple(self.levels.items()), tuple(self.limits.items()), self.warnings)

    def say(self, message: str, keys: tuple[str, ...], hint: str | None, instead: str | None = None) -> None:
        if len(self.diagnostics) >= MOST:
            return
        start, end = place(self.text, (*self.prefix, *keys))
        span = Span(self.path, start, end)
        fixes = (Fix(f"write `{instead}`", (Edit(span, instead),)),) if instead is not None else ()
        self.diagnostics.append(Diagnostic("PVC0907", Severity.ERROR, message, span, hint, fixes=fixes))

    def table(self, found: object) -> None:
        if not isinstance(found, Mapping):
            self.say("`lint` is a table", (), 'write `[lint]`, and below it lines such as `unused = "deny"`')
            return
        for name, value in found.items():
            if name == WARNINGS:
                self.warnings = self.level(value, (name,))
                continue
            lint = find(str(name))
            if lint is None:
                self.unknown(str(name))
            elif isinstance(value, Mapping):
                self.limited(lint, str(name), value)
            else:
                level = self.level(value, (str(name),))
                if level is not None:
                    self.levels[lint.code] = level

    def unknown(self, name: str) -> None:
        if name.upper().startswith("PVC") and name[3:].isdigit():
            self.say(f"`{name}` is no lint", (name,), "levels are for warnings and notes; errors stay errors")
            return
        meant = near(name)
        hint = f"did you mean `{meant}`?" if meant else "`pvc explain` lists names and codes"
        self.say(f"There is no lint `{name}`", (name,), hint, meant)

    def level(self, value: object, keys: tuple[str, ...]) -> Level | None:
        if isinstance(value, str):
            if value in list(Level):
                return Level(value)
            meant = nearest(value, list(Level))
            hint = f'did you mean "{meant}"?' if meant else "a level is allow, note, warn or deny"
            self.say(f'"{value}" is no level', keys, hint)
        else:
            self.say(f"`{keys[-1]}` takes a level", keys, 'write "allow", "note", "warn" or "deny"')
        return None

    def limited(self, lint: Lint, name: str, found: Mapping[str, object]) -> None:
        limits = {limit.name: limit for limit in lint.limits}
        for key, value in found.items():
            if key == "level":
                level = self.level(value, (name, key))
                if level is not None:
                    self.levels[lint.code] = level
                continue
            limit = limits.get(key.replace("-", "_"))
            if limit is None:
                known = ["level", *limits]
                meant = nearest(key, known)
                hint = f"did you mean `{meant}`?" if meant else "it takes " + ", ".join(f"`{one}`" for one in known)
                self.say(f"`{lint.name}` has no setting `{key}`", (name, key), hint, meant)
            elif (
                isinstance(value, bool) or not isinstance(value, int | float) or not limit.least <= value <= limit.most
            ):
                bounds = f"from {float(limit.least):g} to {float(limit.most):g}"
                self.say(f"`{key}` is a number of {limit.unit}", (name, key), f"write a number {bounds}")
            else:
                self.limits[lint.name, limit.name] = Fraction(str(value))
