"""Numbers for people: grouped digits, real minus signs, few digits, units where a reader expects them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise

MINUS = "\N{MINUS SIGN}"
NARROW = "\N{NO-BREAK SPACE}"

_COMMA_DECIMAL = frozenset(("de", "es", "it", "nl", "pt", "id", "tr", "da", "el", "hr", "sl", "ro", "ca", "gl"))
"""Languages that write 1.234,5."""

_SPACE_GROUPS = frozenset(("fr", "ru", "cs", "sk", "pl", "uk", "bg", "fi", "sv", "nb", "no", "hu", "lt", "lv", "et"))
"""Languages that write 1 234,5."""

_MAGNITUDES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
_PREFIX_UNITS = frozenset("$£€¥₹₩")
_TIGHT_UNITS = frozenset({"%", "°", "×", "x", "‰", "k", "M"})
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def separators(language: str) -> tuple[str, str]:
    """(decimal mark, group mark) of a language, by its first subtag."""
    base = language.split("-")[0].lower()
    if base in _COMMA_DECIMAL:
        return ",", "."
    if base in _SPACE_GROUPS:
        return ",", NARROW
    return ".", ","


def fixed(value: float, digits: int, language: str = "en", grouped: bool = False) -> str:
    """A number with ``digits`` decimals, groups of three from 10,000 on (2017 may be a year); from 1,000 on if it is
    ``grouped`` like others beside it."""
    decimal, group = separators(language)
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN) if abs(value) < 1e15 else value
    plain = f"{exact:.{digits}f}"
    sign, plain = (MINUS, plain[1:]) if plain.startswith("-") else ("", plain)
    if not plain.strip("0."):
        sign = ""
    whole, _, rest = plain.partition(".")
    if len(whole) > (3 if grouped else 4):
        whole = f"{int(whole):,}".replace(",", group)
    return sign + whole + (decimal + rest if rest else "")


def scientific(value: float, digits: int = 1, language: str = "en") -> str:
    """`3.2×10⁻⁷`; the mantissa is left out where it is 1."""
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{value:.{digits}e}".partition("e")
    power = "10" + str(int(exponent)).translate(_SUPERSCRIPTS)
    shown = _trimmed(fixed(float(mantissa), digits, language), language)
    return (MINUS if value < 0 else "") + power if shown.lstrip(MINUS) == "1" else f"{shown}×{power}"


def _trimmed(shown: str, language: str) -> str:
    decimal = separators(language)[0]
    return shown.rstrip("0").rstrip(decimal) if decimal in shown else shown


def decimals(values: Sequence[float], significant: int = 3, most: int = 4) -> int:
    """The fewest decimals by which all values are told exactly, if one digit beyond ``significant`` of the largest does
    it; else as many as make ``significant``."""
    largest = max((abs(value) for value in values), default=0.0)
    if largest == 0:
        return 0
    enough = min(most, max(0, significant - 1 - math.floor(math.log10(largest))))
    for digits in range(enough + 2):
        if all(abs(value - round(value, digits)) <= 1e-9 * largest for value in values):
            return digits
    return enough


def exact_decimals(values: Sequence[float], most: int = 4) -> int:
    """The fewest decimals that tell all values exactly, as a table's reader expects; where even ``most`` do not, as
    many as make four significant digits."""
    for digits in range(most + 1):
        if all(abs(value - round(value, digits)) <= 1e-12 * max(1.0, abs(value)) for value in values):
            return digits
    return decimals(values, significant=4)


def _alone(value: float, significant: int = 3) -> int:
    """Decimals for a value that is read by itself: ``significant`` digits, no zeros behind them."""
    if value == 0:
        return 0
    enough = min(8, max(0, significant - 1 - math.floor(math.log10(abs(value)))))
    return next((digits for digits in range(enough) if abs(value - round(value, digits)) <= 1e-9 * abs(value)), enough)


def needs_power(values: Sequence[float]) -> bool:
    """Whether values are so large or small that only powers of ten tell them."""
    sizes = [abs(value) for value in values if value]
    return bool(sizes) and (max(sizes) >= 1e15 or max(sizes) < 1e-4)


def magnitude(values: Sequence[float]) -> tuple[float, str]:
    """(divisor, suffix) for millions and more; (1, "") below."""
    largest = max((abs(value) for value in values), default=0.0)
    for size, suffix in _MAGNITUDES:
        if largest >= size:
            return size, suffix
    return 1.0, ""


def with_unit(shown: str, unit: str) -> str:
    """A number with its unit: `$` before it, `%` close behind it, others behind a no-break space."""
    if not unit:
        return shown
    if unit in _PREFIX_UNITS:
        return MINUS + unit + shown[1:] if shown.startswith(MINUS) else unit + shown
    return shown + unit if unit in _TIGHT_UNITS else f"{shown}{NARROW}{unit}"


def in_words(values: Sequence[float], language: str = "en", unit: str = "") -> tuple[str, ...]:
    """Values that are read together (the labels of one chart): one number of decimals, one magnitude, one unit."""
    if needs_power(values):
        return tuple(
            by_itself(value, language, unit)
            if value == 0 or 1e-3 <= abs(value) < 1e6
            else with_unit(scientific(value, 2, language), unit)
            for value in values
        )
    divisor, suffix = magnitude(values)
    sizes = [abs(value) for value in values if value]
    if sizes and max(sizes) / min(sizes) >= 1000:
        return tuple(by_itself(value, language, unit) for value in values)
    scaled = [value / divisor for value in values]
    digits = decimals(scaled)
    words = (fixed(value, digits if value else 0, language) + (suffix if value else "") for value in scaled)
    return tuple(with_unit(word, unit) for word in words)


def by_itself(value: float, language: str, unit: str) -> str:
    """One value of a wide range: its own digits, its own magnitude."""
    if value and (abs(value) >= 1e15 or abs(value) < 1e-4):
        return with_unit(scientific(value, 1, language), unit)
    divisor, suffix = magnitude([value])
    return with_unit(fixed(value / divisor, _alone(value / divisor), language) + suffix, unit)


def log_tick_words(ticks: Sequence[float], language: str = "en", unit: str = "") -> tuple[str, ...]:
    """Ticks of a logarithmic axis: each by itself, or all as powers of ten where they go far."""
    if ticks and (max(ticks) >= 1e7 or min(ticks) < 1e-4):
        return tuple(with_unit(scientific(value, 1, language), unit) for value in ticks)
    return tuple(with_unit(fixed(value, _alone(value), language), unit) for value in ticks)


def tick_words(ticks: Sequence[float], language: str = "en", unit: str = "") -> tuple[str, ...]:
    """Ticks of one axis: as many decimals as tell neighbours apart, the unit only where it is short."""
    if not ticks:
        return ()
    if needs_power(ticks):
        return tuple(with_unit(scientific(value, 2, language), unit) for value in ticks)
    divisor, suffix = magnitude(ticks)
    scaled = [value / divisor for value in ticks]
    steps = [abs(b - a) for a, b in pairwise(scaled) if b != a]
    finest = min(steps, default=abs(scaled[0]) or 1.0)
    digits = max(0, -math.floor(math.log10(finest) + 1e-9))
    while digits < 12 and any(abs(v - round(v, digits)) > finest * 1e-3 for v in scaled):
        digits += 1
    return tuple(with_unit(fixed(value, digits, language) + (suffix if value else ""), unit) for value in scaled)
