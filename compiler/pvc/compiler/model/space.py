"""How a space is seen: the one projection that layouts measure with and painters draw by.

World axes: x to the right, y away, z up, at azimuth 0 and elevation 0. The camera goes round the origin: the world
turns by the azimuth about z, then is tilted towards the viewer by the elevation. What is nearer looks larger (a true
perspective; J. Foley et al., Computer Graphics: Principles and Practice, 1990, ch. 6).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pvc.compiler.model.display import Gate, Point, Point3, Space

FADE = 0.12
"""Sine of the angle over which what is seen from one side only fades in as it turns into view."""
NEAREST = 0.05
"""Share of the distance in front of the camera at which points stop coming nearer."""


@dataclass(frozen=True, slots=True)
class Pose:
    """A space as it is seen at a frame: rows of the turning matrix (right, away, up) and how it is projected."""

    right: Point3
    away: Point3
    up: Point3
    space: Space

    def seen(self, spot: Point3) -> tuple[float, float, float]:
        """(x, y) in px of the fragment, and how far behind the origin's plane a point is, in units."""
        across, depth, height = (
            row[0] * spot[0] + row[1] * spot[1] + row[2] * spot[2] for row in (self.right, self.away, self.up)
        )
        size = self.magnification(depth)
        space = self.space
        return (space.x + size * across, space.y - size * height, depth)

    def magnification(self, depth: float) -> float:
        """Px for a unit at a depth."""
        distance = self.space.distance
        return self.space.scale * distance / max(distance + depth, NEAREST * distance)

    def open(self, gates: tuple[Gate, ...]) -> float:
        """How much is seen of what stands behind some gates: 0 to 1."""
        share = 1.0
        for gate in gates:
            row, sign = {
                "towards": (self.away, -1.0),
                "away": (self.away, 1.0),
                "left": (self.right, -1.0),
                "right": (self.right, 1.0),
            }[gate.side]
            lean = sign * (row[0] * gate.normal[0] + row[1] * gate.normal[1] + row[2] * gate.normal[2])
            share *= min(1.0, max(0.0, lean / FADE + 0.5))
        return share


def pose(space: Space, azimuth: float = 0.0, elevation: float = 0.0) -> Pose:
    """A space seen from degrees away from where it is seen at rest."""
    turn = math.radians(space.azimuth + azimuth)
    lift = math.radians(min(90.0, max(-90.0, space.elevation + elevation)))
    cos, sin = math.cos(turn), math.sin(turn)
    high, low = math.cos(lift), math.sin(lift)
    right = (cos, sin, 0.0)
    away = (-sin * high, cos * high, -low)
    up = (-sin * low, cos * low, high)
    return Pose(right, away, up, space)


def project(space: Space, spot: Point3) -> Point:
    """Where a point is seen at rest, in px of the fragment."""
    x, y, _ = pose(space).seen(spot)
    return (x, y)
