"""Numbers in English words, as they are read aloud in a talk."""

from __future__ import annotations

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
LONGEST = 21
"""Digits up to which a whole number is read as one; longer ones are read digit by digit."""


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest:
        tens, ones = divmod(rest, 10)
        if rest < 20:
            words.append(_SMALL[rest])
        else:
            words.append(_TENS[tens] + (f"-{_SMALL[ones]}" if ones else ""))
    return " and ".join(words) if hundreds and rest else " ".join(words)


def digits(text: str) -> str:
    """Digit by digit."""
    return " ".join(_SMALL[int(character)] for character in text if character.isdigit())


def cardinal(text: str) -> str:
    """A whole number, given in digits (leading noughts are read out)."""
    if len(text) > LONGEST or (len(text) > 1 and text[0] == "0"):
        return digits(text)
    number = int(text)
    if number == 0:
        return "zero"
    groups = []
    scale = 0
    while number:
        number, group = divmod(number, 1000)
        if group:
            groups.append(" ".join(filter(None, (_below_thousand(group), _SCALES[scale]))))
        scale += 1
    return " ".join(reversed(groups))


def ordinal(text: str) -> str:
    """`21` as twenty-first."""
    words = cardinal(text)
    head, dash, last = words.rpartition("-") if "-" in words.split(" ")[-1] else words.rpartition(" ")
    if last in _ORDINALS:
        last = _ORDINALS[last]
    elif last.endswith("y"):
        last = last[:-1] + "ieth"
    else:
        last += "th"
    return head + dash + last


def year(text: str) -> str:
    """Four digits as a year: `2017` twenty seventeen, `1900` nineteen hundred, `2005` two thousand five."""
    century, rest = int(text[:2]), int(text[2:])
    if century % 10 == 0 and rest < 10:
        return cardinal(text)
    if rest == 0:
        return f"{_below_thousand(century)} hundred"
    tail = f"oh {_SMALL[rest]}" if rest < 10 else _below_thousand(rest)
    return f"{_below_thousand(century)} {tail}"


def decimal(text: str) -> str:
    """A number with an optional fraction after a point: `3.14` three point one four, `.5` zero point five."""
    whole, point, fraction = text.partition(".")
    words = cardinal(whole or "0")
    return f"{words} point {digits(fraction)}" if point and fraction else words
