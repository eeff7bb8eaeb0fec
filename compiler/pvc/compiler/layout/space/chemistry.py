"""Reading molecules: XYZ, MDL molfile (V2000) and PDB, as far as a picture needs them: elements, places, bonds.

Formats: XYZ as Open Babel writes it; BIOVIA CTfile Formats 2020, ch. 4 (atom and bond blocks); wwPDB file format 3.3,
ATOM, HETATM and CONECT records. Bonds that a file does not say are between atoms nearer than the sum of their covalent
radii (B. Cordero et al., Covalent radii revisited, 2008) and a tolerance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pvc.compiler.model.display import Point3

MOST_ATOMS = 1500
TOLERANCE = 0.45
"""Ångström by which two bonded atoms may be farther apart than their radii say."""

# Covalent radius in Ångström, and a colour in the tradition of Corey, Pauling and Koltun (0xRRGGBB).
ELEMENTS: dict[str, tuple[float, int]] = {
    "H": (0.31, 0xE9ECF2),
    "B": (0.84, 0xE8A79A),
    "C": (0.76, 0x6F7785),
    "N": (0.71, 0x4C7DF0),
    "O": (0.66, 0xE8453C),
    "F": (0.57, 0x79C96B),
    "NA": (1.66, 0x9C6ADE),
    "MG": (1.41, 0x5FA83A),
    "SI": (1.11, 0xD8B48A),
    "P": (1.07, 0xF08A2E),
    "S": (1.05, 0xEBC531),
    "CL": (1.02, 0x4FBF5B),
    "K": (2.03, 0x8A5AD6),
    "CA": (1.76, 0x4FA25E),
    "MN": (1.39, 0x9C7AC7),
    "FE": (1.32, 0xD9682F),
    "CO": (1.26, 0xE58FA5),
    "NI": (1.24, 0x55C27A),
    "CU": (1.32, 0xC8803A),
    "ZN": (1.22, 0x7D80B0),
    "BR": (1.20, 0xA5402F),
    "AG": (1.45, 0xB9BEC9),
    "I": (1.39, 0x8B3FA8),
    "PT": (1.36, 0xC9CBD6),
    "AU": (1.36, 0xE6C24A),
    "HG": (1.32, 0xB4B7C6),
}
UNKNOWN = (1.2, 0xC77DB5)


class BadMolecule(Exception):
    """Why a file is no molecule that can be drawn, in a few words."""


@dataclass(frozen=True, slots=True)
class Molecule:
    """``atoms`` are (element, place in Ångström), ``bonds`` pairs of them by index."""

    atoms: tuple[tuple[str, Point3], ...]
    bonds: tuple[tuple[int, int], ...]


def read(data: bytes) -> Molecule:
    """The molecule in a file, whatever its name says. Raises BadMolecule."""
    if len(data) > 20_000_000:
        raise BadMolecule("it is larger than 20 MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadMolecule("it is no text") from None
    if "\x00" in text:
        raise BadMolecule("it is no text")
    lines = text.splitlines()
    if any(line.startswith(("ATOM  ", "HETATM")) for line in lines):
        found = _pdb(lines)
    elif len(lines) > 3 and "V2000" in lines[3]:
        found = _mol(lines)
    elif len(lines) > 3 and "V3000" in lines[3]:
        raise BadMolecule("it is a molfile V3000; save it as V2000, XYZ or PDB")
    else:
        found = _xyz(lines)
    if not found.atoms:
        raise BadMolecule("it has no atoms")
    if len(found.atoms) > MOST_ATOMS:
        raise BadMolecule(f"{len(found.atoms)} atoms are more than can be told apart; at most {MOST_ATOMS}")
    return found if found.bonds else Molecule(found.atoms, guessed(found.atoms))


def _number(text: str, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        raise BadMolecule(f"line {line} has `{text.strip()[:20]}` where a number should stand") from None
    if not math.isfinite(value) or abs(value) > 1e6:
        raise BadMolecule(f"line {line} has a coordinate that is no place")
    return value


def _element(text: str, line: int) -> str:
    name = text.strip()
    if name.isdigit() and 0 < int(name) < 119:
        raise BadMolecule(f"line {line} names an element by its number; write its symbol")
    name = "".join(character for character in name if character.isalpha())[:2]
    if not name:
        raise BadMolecule(f"line {line} names no element")
    return name.capitalize()


def _xyz(lines: list[str]) -> Molecule:
    try:
        count = int(lines[0])
    except (IndexError, ValueError):
        raise BadMolecule("it is neither XYZ, MOL (V2000) nor PDB") from None
    if count < 0 or len(lines) < count + 2:
        raise BadMolecule(f"it promises {count} atoms and has {max(0, len(lines) - 2)}")
    atoms = []
    for number, line in enumerate(lines[2 : count + 2], 3):
        words = line.split()
        if len(words) < 4:
            raise BadMolecule(f"line {number} has no element with three coordinates")
        place = (_number(words[1], number), _number(words[2], number), _number(words[3], number))
        atoms.append((_element(words[0], number), place))
    return Molecule(tuple(atoms), ())


def _mol(lines: list[str]) -> Molecule:
    try:
        atoms_count, bonds_count = int(lines[3][0:3]), int(lines[3][3:6])
    except ValueError:
        raise BadMolecule("line 4 does not say how many atoms and bonds there are") from None
    if len(lines) < 4 + atoms_count + bonds_count:
        raise BadMolecule("it is cut short")
    atoms = []
    for number, line in enumerate(lines[4 : 4 + atoms_count], 5):
        place = (_number(line[0:10], number), _number(line[10:20], number), _number(line[20:30], number))
        atoms.append((_element(line[31:34], number), place))
    bonds = []
    for number, line in enumerate(lines[4 + atoms_count : 4 + atoms_count + bonds_count], 5 + atoms_count):
        try:
            first, second = int(line[0:3]) - 1, int(line[3:6]) - 1
        except ValueError:
            raise BadMolecule(f"line {number} is no bond") from None
        if not (0 <= first < atoms_count and 0 <= second < atoms_count):
            raise BadMolecule(f"line {number} joins an atom that is not there")
        bonds.append((first, second))
    return Molecule(tuple(atoms), tuple(bonds))


def _pdb(lines: list[str]) -> Molecule:
    atoms: list[tuple[str, Point3]] = []
    by_serial: dict[str, int] = {}
    bonds: set[tuple[int, int]] = set()
    for number, line in enumerate(lines, 1):
        if line.startswith("ENDMDL"):
            break
        if line.startswith(("ATOM  ", "HETATM")):
            place = (_number(line[30:38], number), _number(line[38:46], number), _number(line[46:54], number))
            by_serial[line[6:11].strip()] = len(atoms)
            atoms.append((_element(line[76:78] if line[76:78].strip() else line[12:14], number), place))
    for line in lines:
        if line.startswith("CONECT"):
            names = [line[at : at + 5].strip() for at in range(6, min(len(line), 31), 5)]
            first = by_serial.get(names[0]) if names else None
            for name in names[1:]:
                second = by_serial.get(name)
                if first is not None and second is not None and first != second:
                    bonds.add((min(first, second), max(first, second)))
    if bonds:
        bonds.update(guessed(tuple(atoms)))
    return Molecule(tuple(atoms), tuple(sorted(bonds)))


def guessed(atoms: tuple[tuple[str, Point3], ...]) -> tuple[tuple[int, int], ...]:
    """Bonds by distance. Atoms are looked for in cells of the longest bond, so that many atoms stay cheap."""
    reach = 2 * max((radius_of(element) for element, _ in atoms), default=1.0) + TOLERANCE
    cells: dict[tuple[int, int, int], list[int]] = {}
    for index, (_, place) in enumerate(atoms):
        cells.setdefault(_cell(place, reach), []).append(index)
    found = []
    for index, (element, place) in enumerate(atoms):
        x, y, z = _cell(place, reach)
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                for dz in (-1, 0, 1):
                    for other in cells.get((x + dx, y + dy, z + dz), ()):
                        if other <= index or (element == "H" and atoms[other][0] == "H"):
                            continue
                        apart = math.dist(place, atoms[other][1])
                        if 0.4 < apart <= radius_of(element) + radius_of(atoms[other][0]) + TOLERANCE:
                            found.append((index, other))
    return tuple(sorted(found))


def _cell(place: Point3, size: float) -> tuple[int, int, int]:
    return (math.floor(place[0] / size), math.floor(place[1] / size), math.floor(place[2] / size))


def radius_of(element: str) -> float:
    return ELEMENTS.get(element.upper(), UNKNOWN)[0]


def color_of(element: str) -> int:
    return ELEMENTS.get(element.upper(), UNKNOWN)[1]
