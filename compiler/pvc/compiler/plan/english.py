"""English as it is read aloud: numbers with their units, symbols, abbreviations, initialisms, simple mathematics.

One pattern finds every token that an engine might stumble over; everything else is left as it is written. Each rule is
a named group and a function of its match; the first group of the pattern that matches wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from pvc.compiler.plan import numerals


def _listed(text: str) -> list[str]:
    return text.split()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNITS = {
    "ms": ("millisecond", "milliseconds"),
    "s": ("second", "seconds"),
    "min": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "µs": ("microsecond", "microseconds"),
    "μs": ("microsecond", "microseconds"),
    "ns": ("nanosecond", "nanoseconds"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    "B": ("byte", "bytes"),
    "kB": ("kilobyte", "kilobytes"),
    "KB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "nm": ("nanometer", "nanometers"),
    "µm": ("micrometer", "micrometers"),
    "μm": ("micrometer", "micrometers"),
    "mm": ("millimeter", "millimeters"),
    "cm": ("centimeter", "centimeters"),
    "m": ("meter", "meters"),
    "km": ("kilometer", "kilometers"),
    "mg": ("milligram", "milligrams"),
    "g": ("gram", "grams"),
    "kg": ("kilogram", "kilograms"),
    "px": ("pixel", "pixels"),
    "fps": ("frame per second", "frames per second"),
    "dB": ("decibel", "decibels"),
    "W": ("watt", "watts"),
    "kW": ("kilowatt", "kilowatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "V": ("volt", "volts"),
    "eV": ("electron volt", "electron volts"),
    "K": ("kelvin", "kelvin"),
    "%": ("percent", "percent"),
    "\u2030": ("per mille", "per mille"),
    "°C": ("degree Celsius", "degrees Celsius"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "°": ("degree", "degrees"),
}
_MONEY = {"$": ("dollar", "dollars"), "€": ("euro", "euros"), "£": ("pound", "pounds"), "¥": ("yen", "yen")}
_ABBREVIATIONS = {
    "e.g.": "for example",
    "i.e.": "that is",
    "etc.": "et cetera",
    "vs.": "versus",
    "cf.": "compare",
    "et al.": "and others",
    "w.r.t.": "with respect to",
    "approx.": "approximately",
    "Dr.": "Doctor",
    "Prof.": "Professor",
    "Mr.": "Mister",
    "Mrs.": "Missis",
    "Fig.": "figure",
    "Figs.": "figures",
    "Eq.": "equation",
    "Eqs.": "equations",
    "Sec.": "section",
    "Tab.": "table",
    "Thm.": "theorem",
    "Alg.": "algorithm",
    "Ch.": "chapter",
    "pp.": "pages",
}
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψωϕϵϑ",
        _listed(
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon "
            "phi chi psi omega phi epsilon theta"
        ),
        strict=True,
    )
)
_GREEK.update({"Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma"})
_GREEK.update({"Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "∇": "nabla", "∂": "partial", "ℓ": "ell", "ℝ": "R"})
_SYMBOLS = {
    "=": "equals",
    "≠": "is not equal to",
    "≈": "is approximately",
    "≃": "is approximately",
    "~": "about",
    "<": "is less than",
    ">": "is greater than",
    "≤": "is at most",
    "≥": "is at least",
    "≪": "is much less than",
    "≫": "is much greater than",
    "±": "plus or minus",
    "+": "plus",
    "\u2212": "minus",
    "×": "times",
    "·": "times",
    "÷": "divided by",
    "√": "the square root of",
    "∞": "infinity",
    "∑": "the sum of",
    "∏": "the product of",
    "∫": "the integral of",
    "∈": "in",
    "∉": "not in",
    "∝": "is proportional to",
    "→": "to",
    "⇒": "implies",
    "←": "from",
    "↔": "if and only if",
    "⇔": "if and only if",
    "&": "and",
    "@": "at",
    "§": "section",
    "∀": "for all",
    "∃": "there exists",
    "⊤": "transpose",
    "…": "",
}
_INITIALISMS = _words(
    "AI API APIs GPU GPUs CPU CPUs TPU TPUs UI UX US USA UK EU OS IO ID IDs URL URLs AUC IOU MAE RAM PDE PDEs ODE ODEs "
    "SDE SDEs ICA PCA VAE VAEs MCMC AMD IBM IEEE ACM AAAI SOTA RL RLHF AST UTF USB OCR EM MSE RMSE"
)
_SPOKEN_CAPITALS = _words("SOTA AAAI")
_FRACTIONS = {"1/2": "one half", "1/3": "one third", "2/3": "two thirds", "1/4": "one quarter", "3/4": "three quarters"}
_VULGAR = {"½": "one half", "⅓": "one third", "⅔": "two thirds", "¼": "one quarter", "¾": "three quarters"}
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵀ", "0123456789-+nT")
_SUB = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₙ", "0123456789+-ijkn")
_SCALE = r"(?:thousand|million|billion|trillion)"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))

_TOKENS: tuple[tuple[str, str], ...] = (
    (
        "abbreviation",
        r"(?<![\w.])(?:"
        + "|".join(re.escape(word) for word in sorted(_ABBREVIATIONS, key=len, reverse=True))
        + r")(?!\w)",
    ),
    ("money", rf"[$€£¥](?P<sum>{_NUMBER})(?P<much>\s{_SCALE})?(?![\w])"),
    ("bigO", r"\bO\((?P<inner>[^()\s]{1,12}(?:\s[^()\s]{1,12}){0,2})\)"),
    ("ordinal", r"(?<![\w.,])(?P<rank>\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)\b"),
    ("science", r"(?<![\w.])(?P<mantissa>[-\u2212]?\d+(?:\.\d+)?)[eE](?P<exponent>[-+\u2212]?\d{1,3})\b"),
    ("fraction", r"(?<![\w./])(?:1/2|1/3|2/3|1/4|3/4)(?![\w/.])"),
    ("vulgar", "[½⅓⅔¼¾]"),
    ("version", r"(?<![\w.])\d+(?:\.\d+){2,}(?![\w])"),
    ("clock", r"(?<![\w.:])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?![\w:])"),
    ("by", r"(?<![\w.])(?P<wide>\d+)\s?[×x]\s?(?P<high>\d+)(?:\s?[×x]\s?(?P<deep>\d+))?(?![\w.]\w)"),
    ("fold", rf"(?<![\w.])(?P<times>{_NUMBER})\s?[×x](?![\w])"),
    ("range", rf"(?<![\w.])(?P<low>{_NUMBER})\s?\u2013\s?(?P<high2>{_NUMBER})(?:\s?(?P<unit2>{_UNIT})(?!\w))?(?![\w])"),
    (
        "power",
        r"(?<![\w.])(?P<base>[A-Z]{1,3}|[a-z]|\d+(?:\.\d+)?)\^(?:\{(?P<up1>[^{}]{1,8})\}|(?P<up2>[-\u2212]?\w{1,3}|⊤))",
    ),
    ("super", r"(?P<under>(?<![\w.])[A-Za-zα-ω]{1,2}|\d+)(?P<up3>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵀ]+)"),
    (
        "index",
        r"(?<!\w)(?P<name>[A-Za-zα-ω])(?:_(?:\{(?P<sub1>[^{}]{1,8})\}|(?P<sub2>\w{1,3}))|(?P<sub3>[₀-₉₊₋ᵢⱼₖₙ]+))(?!\w)",
    ),
    ("number", rf"(?<![\w.])(?P<sign>[-\u2212])?(?P<value>{_NUMBER})(?:\s?(?P<unit>{_UNIT})(?!\w))?(?![\d])"),
    ("hash", r"#(?=\d)"),
    ("greek", "[" + "".join(_GREEK) + "]"),
    ("capitals", r"(?<![\w])(?P<caps>[A-Z]{2,6})(?P<many>s?)(?![\w])"),
    ("symbol", r"(?:(?<=\s)/(?=\s))|[" + re.escape("".join(_SYMBOLS)) + "]"),
)
_PATTERN = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _TOKENS)
_ANYTHING = re.compile(
    r"[^a-zA-Z\s,.;:!?'\"()\-\u2018\u2019\u201c\u201d]|[A-Z]{2}|\.[a-z]|\b(?:al|etc|vs|cf|O\(|Dr|Prof|Mrs?|Figs?|Eqs?|Sec|Tab|Thm|Alg|Ch|pp|approx)\b"
)
"""Whether a text has anything to spell at all: most sentences do not, and are not searched further."""


@cache
def _compiled() -> re.Pattern[str]:
    return re.compile(_PATTERN)


def _value(text: str) -> str:
    return numerals.decimal(text.replace(",", ""))


def _unit(number: str, unit: str) -> str:
    one, many = _UNITS[unit]
    return one if number == "1" else many


_YEAR_BEFORE = re.compile(r"\b(?:in|since|until|by|from|around|before|after|of|year|early|late|mid)\s$", re.IGNORECASE)


def _number(match: re.Match[str]) -> str:
    value, unit = match["value"], match["unit"]
    sign = "minus " if match["sign"] else ""
    if unit:
        return f"{sign}{_value(value)} {_unit(value, unit)}"
    if len(value) == 4 and value.isdigit() and not sign and 1100 <= int(value) <= 2099:
        before = match.string[max(0, match.start() - 8) : match.start()]
        bracketed = before.endswith("(") and match.string[match.end() : match.end() + 1] == ")"
        if _YEAR_BEFORE.search(before) or bracketed:
            return numerals.year(value)
    return sign + _value(value)


def _exponent(text: str) -> str:
    text = text.replace("\u2212", "-").strip()
    if text == "2":
        return "squared"
    if text == "3":
        return "cubed"
    if text in ("T", "⊤", "top"):
        return "transpose"
    if text == "-1":
        return "to the minus one"
    return f"to the {_plain(text)}"


def _plain(text: str) -> str:
    """A short piece of mathematics: letters apart, numbers and signs in words."""
    pieces = re.findall(r"\d+(?:\.\d+)?|[A-Za-z]+|\S", text)
    words = []
    for piece in pieces:
        if piece[0].isdigit():
            words.append(_value(piece))
        elif piece == "-":
            words.append("minus")
        elif piece.isalpha() and piece in _GREEK:
            words.append(_GREEK[piece])
        elif piece.isalpha():
            words.append(piece if piece in ("log", "exp", "sin", "cos", "max", "min") else " ".join(piece))
        elif piece in _SYMBOLS:
            words.append(_SYMBOLS[piece])
    return " ".join(words)


def _big_o(match: re.Match[str]) -> str:
    inner = match["inner"]
    inner = re.sub(r"([A-Za-z])\^\{?(\w+)\}?", lambda found: f"{found[1]} {_exponent(found[2])} ", inner)
    inner = re.sub(r"([A-Za-z])([²³])", lambda found: f"{found[1]} {_exponent(found[2].translate(_SUPER))} ", inner)
    words = [word if len(word) > 1 and word.isalpha() else _plain(word) for word in inner.split()]
    return "O of " + " ".join(words)


def _capitals(match: re.Match[str]) -> str | None:
    """Initialisms letter by letter: those without a vowel, and known ones. Others are words (NASA, BERT)."""
    caps, many = match["caps"], match["many"]
    if caps in _SPOKEN_CAPITALS:
        return None
    if caps in _INITIALISMS or not re.search("[AEIOUY]", caps):
        letters = " ".join(caps)
        return f"{letters}'s" if many else letters
    return None


def _apart(match: re.Match[str], say: str) -> str:
    """Words with a space towards neighbours that stand close."""
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return (" " if before and not before.isspace() else "") + say + (" " if after.isalnum() else "")


def _vulgar(match: re.Match[str]) -> str:
    mixed = match.string[: match.start()][-1:].isdigit()
    return _apart(match, f"{'and ' if mixed else ''}{_VULGAR[match.group()]}")


def _clock(match: re.Match[str]) -> str:
    hour, minute = numerals.cardinal(str(int(match["hour"]))), match["minute"]
    if minute == "00":
        return f"{hour} o'clock" if 0 < int(match["hour"]) <= 12 else f"{hour} hundred"
    return f"{hour} {'oh ' + numerals.digits(minute[1]) if minute[0] == '0' else numerals.cardinal(minute)}"


def _size(text: str) -> str:
    """A side of a format: four digits in pairs, as in nineteen twenty by ten eighty."""
    return numerals.year(text) if len(text) == 4 and text[0] != "0" and text[2:] != "00" else _value(text)


def _symbol(match: re.Match[str]) -> str | None:
    text = match.group()
    if text == "/":
        return "over"
    say = _SYMBOLS.get(text)
    if say is None:
        return None
    return _apart(match, say) if say else " "


def _money(match: re.Match[str]) -> str:
    one, many = _MONEY[match.group()[0]]
    amount = _value(match["sum"])
    if match["much"]:
        return f"{amount}{match['much']} {many}"
    return f"{amount} {one if match['sum'] == '1' else many}"


def _science(match: re.Match[str]) -> str:
    mantissa = match["mantissa"].replace("\u2212", "-")
    sign = "minus " if mantissa.startswith("-") else ""
    exponent = match["exponent"].replace("\u2212", "-")
    minus = "minus " if exponent.startswith("-") else ""
    power = f"ten to the {minus}{numerals.cardinal(exponent.lstrip('+-').lstrip('0') or '0')}"
    return power if mantissa == "1" else f"{sign}{_value(mantissa.lstrip('-'))} times {power}"


def _range(match: re.Match[str]) -> str:
    unit = f" {_unit(match['high2'], match['unit2'])}" if match["unit2"] else ""
    return f"{_value(match['low'])} to {_value(match['high2'])}{unit}"


def _by(match: re.Match[str]) -> str:
    return " by ".join(_size(match[name]) for name in ("wide", "high", "deep") if match[name])


def _power(match: re.Match[str]) -> str:
    base = match["base"]
    return f"{_value(base) if base[0].isdigit() else ' '.join(base)} {_exponent(match['up1'] or match['up2'])}"


def _super(match: re.Match[str]) -> str:
    under = match["under"]
    return f"{_plain(under)} {_exponent(match['up3'].translate(_SUPER))}"


def _index(match: re.Match[str]) -> str:
    low = match["sub1"] or match["sub2"] or match["sub3"].translate(_SUB)
    name = match["name"]
    return f"{_GREEK.get(name, name)} sub {_plain(low)}"


_RULES: dict[str, Callable[[re.Match[str]], str | None]] = {
    "abbreviation": lambda match: _ABBREVIATIONS[match.group()],
    "money": _money,
    "bigO": _big_o,
    "ordinal": lambda match: numerals.ordinal(match["rank"].replace(",", "")),
    "science": _science,
    "fraction": lambda match: _FRACTIONS[match.group()],
    "vulgar": _vulgar,
    "version": lambda match: " point ".join(numerals.cardinal(part) for part in match.group().split(".")),
    "clock": _clock,
    "by": _by,
    "fold": lambda match: f"{_value(match['times'])} times",
    "range": _range,
    "power": _power,
    "super": _super,
    "index": _index,
    "number": _number,
    "hash": lambda match: "number ",
    "greek": lambda match: _apart(match, _GREEK[match.group()]),
    "capitals": _capitals,
    "symbol": _symbol,
}


def replacements(text: str) -> Iterator[tuple[int, int, str]]:
    """What to say instead, as ``(start, end, say)`` in order, never overlapping."""
    if not _ANYTHING.search(text):
        return
    for match in _compiled().finditer(text):
        rule = next(name for name in _RULES if match[name] is not None)
        say = _RULES[rule](match)
        if say is not None and say != match.group():
            if rule == "abbreviation" and match.end() == len(text.rstrip()):
                say += "."
            yield match.start(), match.end(), say
