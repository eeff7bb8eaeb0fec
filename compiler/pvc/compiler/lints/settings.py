"""How loud each lint is, and where its thresholds lie: a plain value, whatever it was read from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from pvc.compiler.lints.table import by_code, by_name


class Level(StrEnum):
    """ALLOW says nothing; DENY makes an error of it, which stops a build."""

    ALLOW = "allow"
    NOTE = "note"
    WARN = "warn"
    DENY = "deny"


WARNINGS = "warnings"
"""What stands for every lint that is said as a warning."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``levels`` by code; ``limits`` by the lint's name and the threshold's; ``warnings``: the level of every warning
    that has none of its own, None for that of warnings."""

    levels: tuple[tuple[str, Level], ...] = ()
    limits: tuple[tuple[tuple[str, str], Fraction], ...] = ()
    warnings: Level | None = None

    def level(self, code: str) -> Level:
        """How loud a lint is."""
        for known, level in self.levels:
            if known == code:
                return level
        if by_code()[code].quiet:
            return Level.NOTE
        return self.warnings or Level.WARN

    def limit(self, name: str, threshold: str) -> Fraction:
        """A lint's threshold."""
        for key, value in self.limits:
            if key == (name, threshold):
                return value
        return next(each.default for each in by_name()[name].limits if each.name == threshold)


DEFAULT = Settings()


def with_levels(settings: Settings, chosen: Iterable[tuple[str, Level]]) -> Settings:
    """The settings with the levels of some codes (or `warnings`) replaced: the last one said counts."""
    levels = dict(settings.levels)
    warnings = settings.warnings
    for code, level in chosen:
        if code == WARNINGS:
            warnings = level
            levels = {other: own for other, own in levels.items() if own is not Level.WARN}
        else:
            levels[code] = level
    return replace(settings, levels=tuple(levels.items()), warnings=warnings)
