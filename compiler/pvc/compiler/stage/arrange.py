"""Where visuals stand: one place for each stay of each life, decided without looking at the clock.

An explicit place wins. Visuals without one share the body of the frame with those that are on the stage meanwhile: the
least number of cells is found such that no two that overlap in time share one (interval colouring), a transform's
target takes its source's cell, and `cells` lays the cells out. So a thing that stays never moves because another comes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from pvc.compiler.layout.component import Box
from pvc.compiler.model.display import Fragment, Rect
from pvc.compiler.model.program import VisualSpec
from pvc.compiler.stage import cells, presence, regions
from pvc.compiler.stage.cells import Wish
from pvc.compiler.stage.lives import Life, Stay, overlap
from pvc.compiler.stage.regions import Frame
from pvc.compiler.stage.script import Stand

Measure: TypeAlias = Callable[[int, Box], Fragment]
"""The fragment of a life (by index) in a box; remembered by the caller."""

_LEFT = ("heading", "title", "lower_third", "citation")
"""Layouts that stand flush left in the header and the footer."""
_ALONE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "title": (("body",), ("header",)),
    "citation": (("body",), ("footer",)),
    "end_card": (("region", "full"), ("body",)),
}
"""Homes of visuals that stand elsewhere when they are alone (first) than in company."""
_PICTURES = ("image", "figure")
TALLEST = 1.1
"""Height to width beyond which a stretching visual does not fill its place: a chart is read by its slopes."""
SMALLEST = 0.35
"""No visual is scaled below this to make it fit; what still does not fit is reported."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A life on the stage: its fragment as laid out in ``box``, and where it stands in each of its stays."""

    fragment: Fragment
    box: Box
    stands: tuple[Stand, ...]


@dataclass(slots=True)
class _Spot:
    """A stay on the way to its place. ``home`` names the rectangle that it shares with others of the same home."""

    life: int
    number: int
    stay: Stay
    layout: str
    home: tuple[str, ...]
    inherits: int | None = None
    anchor: tuple[str, int] | None = None
    rect: Rect | None = None
    flush: bool = False
    growth: float = 1.0
    lift: bool = False
    alone: bool = False
    below: list[int] = field(default_factory=list)
    above: list[int] = field(default_factory=list)


def _kind(layout: str) -> str:
    return layout.split(".")[0]


def _spots(lives: Sequence[Life], visuals: dict[str, VisualSpec]) -> list[_Spot]:
    spots: list[_Spot] = []
    last_of: dict[int, int] = {}
    for index, life in enumerate(lives):
        layout = visuals[life.visual].layout
        for number, stay in enumerate(life.stays):
            spot = _Spot(index, number, stay, _kind(layout), ("body",))
            _settle(spot, spots, lives, life, number, last_of)
            last_of[index] = len(spots)
            spots.append(spot)
    return spots


def _settle(
    spot: _Spot, spots: list[_Spot], lives: Sequence[Life], life: Life, number: int, last_of: dict[int, int]
) -> None:
    """Say which home a stay belongs to."""
    place = spot.stay.place
    if place is not None and place.beside is not None:
        direction, name = place.beside
        for index in range(len(spots) - 1, -1, -1):
            other = spots[index]
            if lives[other.life].visual == name and other.stay.begin <= spot.stay.begin < other.stay.end:
                spot.home, spot.anchor = other.home, (direction, index)
                return
    if place is not None and place.x is not None and place.y is not None:
        spot.home = ("free", str(len(spots)))
        return
    if place is not None and place.region is not None:
        spot.home = ("body",) if place.region == "center" else ("region", place.region)
        return
    if number == 0 and life.source is not None:
        spot.inherits = last_of[life.source]
        spot.home = spots[spot.inherits].home
        return
    if spot.layout == "heading":
        spot.home = ("header",)
    elif spot.layout == "lower_third":
        spot.home = ("footer",)
    elif spot.layout in _ALONE:
        spot.home = (spot.layout,)


def _company(spots: list[_Spot]) -> None:
    """Where titles, citations and end cards stand depends on whether anything else is on the stage with them."""
    for spot in spots:
        choice = _ALONE.get(spot.home[0])
        if choice is not None:
            alone = not any(
                other is not spot and other.home != spot.home and overlap(other.stay, spot.stay)
                for other in spots
                if other.home[0] not in ("header", "footer")
            )
            spot.home = choice[0] if alone else choice[1]
    for spot in spots:  # what was transformed out of one of them follows it
        if spot.inherits is not None and spot.home[0] in _ALONE:
            spot.home = spots[spot.inherits].home


def _components(members: list[int], spots: list[_Spot]) -> list[list[int]]:
    """Stays of one home that are tied by overlapping in time or by taking over a place."""
    groups: list[list[int]] = []
    for index in members:
        joined = [index]
        rest = []
        for group in groups:
            tied = any(
                overlap(spots[index].stay, spots[other].stay)
                or spots[index].inherits == other
                or spots[other].inherits == index
                for other in group
            )
            if tied:
                joined = group + joined
            else:
                rest.append(group)
        groups = [*rest, joined]
    return [sorted(group) for group in groups]


def _colour(component: list[int], spots: list[_Spot]) -> list[list[int]]:
    """The fewest cells such that stays in one cell never overlap, in the order in which they are first used."""
    found: list[list[int]] = []
    for index in component:
        spot = spots[index]
        heir = next((cell for cell in found if spot.inherits in cell), None)
        free = next((cell for cell in found if not any(overlap(spots[other].stay, spot.stay) for other in cell)), None)
        chosen = heir if heir is not None else free
        if chosen is None:
            found.append([index])
        else:
            chosen.append(index)
    return found


class _Solver:
    """One scene's arrangement while it is worked out; every rectangle is in reference px."""

    def __init__(self, spots: list[_Spot], stage: Frame, measure: Measure) -> None:
        self.spots = spots
        self.stage = stage
        self.measure = measure
        self.boxes: dict[int, Box] = {}
        self.gap = stage.gutter

    def natural(self, spot: _Spot, rect: Rect) -> Fragment:
        """The fragment as it would like to be in a rectangle; a life that was laid out already is what it is."""
        return self.measure(spot.life, self.boxes.get(spot.life, self.limit(spot, rect)))

    def limit(self, spot: _Spot, rect: Rect) -> Box:
        place = spot.stay.place
        width = max(1.0, rect.width)
        if place is not None and place.width is not None:
            width = min(width, max(1.0, float(place.width) * self.stage.width))
        return Box(width, max(1.0, rect.height), spot.alone)

    def column_of(self, index: int) -> list[int]:
        """A spot with everything that is set above and below it, from top to bottom."""
        spot = self.spots[index]
        upper = [inner for other in reversed(spot.above) for inner in self.column_of(other)]
        lower = [inner for other in spot.below for inner in self.column_of(other)]
        return [*upper, index, *lower]

    def wish(self, index: int, rect: Rect) -> Wish:
        members = [self.natural(self.spots[other], rect) for other in self.column_of(index)]
        gaps = self.gap / 2 * (len(members) - 1)
        return Wish(
            max(member.width for member in members),
            sum(member.height for member in members) + gaps,
            any(member.stretch for member in members),
        )

    def solve(self, members: list[int], rect: Rect) -> None:
        """Give every stay of a home its rectangle in the home's."""
        for component in _components(members, self.spots):
            groups = _colour(component, self.spots)
            self.mark_alone(groups)
            wishes = []
            for group in groups:
                each = [self.wish(index, rect) for index in group]
                wishes.append(
                    Wish(
                        max(wish.width for wish in each),
                        max(wish.height for wish in each),
                        any(wish.stretch for wish in each),
                    )
                )
            together = self.growth_together(groups, wishes, rect)
            wishes = [wish.scaled(together) for wish in wishes]
            found = cells.arrange(wishes, rect, self.gap)
            up = cells.rise(wishes, found, rect, self.stage.height) if len(groups) > 1 else 0.0
            for group, cell in zip(groups, found, strict=True):
                for index in group:
                    self.stack(index, replace(cell, y=cell.y - up), rect, together)
                self.present(group, len(groups) == 1)
                for index in (other for member in group for other in self.column_of(member)):
                    self.spots[index].growth = max(together, self.spots[index].growth)
            self.line_up(groups, rect)

    def growth_together(self, groups: list[list[int]], wishes: list[Wish], rect: Rect) -> float:
        """How much visuals that share a rectangle are enlarged there, all by the same: 1 where one of them stretches,
        has a width that it was told, or is in this place for a part of its life only."""
        members = [other for group in groups for index in group for other in self.column_of(index)]
        if len(groups) == 1 and len(members) == len(groups[0]):
            return 1.0
        most = presence.STEPS[-1]
        for index in members:
            spot = self.spots[index]
            place = spot.stay.place
            moves = sum(other.life == spot.life for other in self.spots) > 1
            if moves or (place is not None and place.width is not None):
                return 1.0
            most = min(most, presence.most(spot.layout))
        if any(wish.stretch for wish in wishes):
            return 1.0
        return max(
            (
                step
                for step in presence.STEPS
                if step <= most and cells.roomy([wish.scaled(step) for wish in wishes], rect, self.gap)
            ),
            default=1.0,
        )

    def mark_alone(self, groups: list[list[int]]) -> None:
        """Say of stays that have the body to themselves, and whose visual stays where it is, that they do."""
        if len(groups) != 1 or any(self.spots[index].above or self.spots[index].below for index in groups[0]):
            return
        for index in groups[0]:
            spot = self.spots[index]
            moves = sum(other.life == spot.life for other in self.spots) > 1
            spot.alone = spot.home == ("body",) and not moves

    def present(self, group: list[int], alone: bool) -> None:
        """How much stays that follow each other in one cell are enlarged there. All of a kind by the same, so that a
        formula that turns into the next keeps its size; ``alone``: nothing else shares their home."""
        steps: dict[str, float] = {}
        for index in group:
            spot = self.spots[index]
            if spot.below or spot.above or spot.rect is None:
                return
            place = spot.stay.place
            sized = place is not None and place.width is not None
            own = 1.0 if sized else presence.growth(spot.layout, self.settled(spot), spot.rect)
            steps[spot.layout] = min(own, steps.get(spot.layout, own))
        for index in group:
            spot = self.spots[index]
            spot.growth = steps[spot.layout]
            spot.lift = alone
            headed = any(other.layout == "heading" and overlap(other.stay, spot.stay) for other in self.spots)
            aside = spot.home in (("region", "left"), ("region", "right"))
            spot.flush = spot.layout in presence.FLUSH and (aside or (alone and headed and spot.home == ("body",)))

    def line_up(self, groups: list[list[int]], rect: Rect) -> None:
        """What is read from the left edge begins there in a column too, where all that it shares the column with has
        that edge: a list under a chart, a listing over a list."""
        members = [self.spots[index] for group in groups for index in group]
        if len(groups) == 1 or any(spot.rect is None or spot.rect.width < rect.width - 0.5 for spot in members):
            return
        if all(spot.layout in presence.FLUSH or self.settled(spot).stretch for spot in members):
            for spot in members:
                spot.flush = spot.layout in presence.FLUSH

    def settled(self, spot: _Spot) -> Fragment:
        """The fragment of a stay's life as it is on the stage."""
        assert spot.rect is not None
        return self.measure(spot.life, self.boxes.get(spot.life, self.limit(spot, spot.rect)))

    def stack(self, index: int, cell: Rect, home: Rect, together: float) -> None:
        """Divide a cell among a stay and what is set above and below it, all of them enlarged ``together``."""
        members = self.column_of(index)
        if len(members) == 1:
            self.put(index, cell, home)
            return
        wishes = [
            Wish(fragment.width, fragment.height, fragment.stretch).scaled(together)
            for fragment in (self.natural(self.spots[other], home) for other in members)
        ]
        for other, rect in zip(members, cells.column(wishes, cell, self.gap / 2), strict=True):
            self.put(other, rect, home)

    def put(self, index: int, rect: Rect, home: Rect) -> None:
        """A stay's rectangle. A life is laid out for its first one, unless it fits as it was measured in its home."""
        spot = self.spots[index]
        spot.rect = rect
        if spot.number == 0:
            roomy = self.natural(spot, home)
            fits = not roomy.stretch and roomy.width <= rect.width + 0.5 and roomy.height <= rect.height + 0.5
            box = self.limit(spot, home if fits else rect)
            if roomy.stretch and box.height > TALLEST * box.width:
                box = replace(box, height=round(TALLEST * box.width))
            self.boxes[spot.life] = box


def _free(spot: _Spot, stage: Frame) -> Rect:
    """The largest rectangle around an explicit centre that stays inside the frame's margins."""
    place = spot.stay.place
    assert place is not None
    assert place.x is not None
    assert place.y is not None
    x, y = float(place.x) * stage.width, float(place.y) * stage.height
    width = 2 * max(64.0, min(x - stage.margin_x, stage.width - stage.margin_x - x))
    height = 2 * max(64.0, min(y - stage.margin_y, stage.height - stage.margin_y - y))
    if place.width is not None:
        width = min(width, float(place.width) * stage.width)
    return Rect(x - width / 2, y - height / 2, width, height)


def _strips(solver: _Solver, members: list[int], home: str) -> None:
    """Header and footer: each visual at its natural height, flush left, at the top or just above the captions."""
    stage, body = solver.stage, solver.stage.body
    for index in members:
        spot = solver.spots[index]
        high = Rect(body.x, body.y, body.width, round(body.height * (0.3 if home == "header" else 0.25)))
        size = solver.natural(spot, high)
        if spot.number == 0:
            solver.boxes[spot.life] = solver.limit(spot, high)
        height = min(size.height, high.height)
        taken = [
            other.rect
            for other in (solver.spots[earlier] for earlier in members if earlier < index)
            if other.rect is not None and overlap(other.stay, spot.stay)
        ]
        if home == "header":
            y = max([body.y, *(rect.bottom + stage.gutter / 2 for rect in taken)])
        else:
            y = min([body.bottom, *(rect.y - stage.gutter / 2 for rect in taken)]) - height
        spot.rect = Rect(body.x, y, body.width, height)
        spot.flush = spot.layout in _LEFT


def _body_for(solver: _Solver, members: Sequence[int]) -> Rect:
    """The body less the header and the footer that are on the stage with any of these stays."""
    stage = solver.stage
    top = bottom = 0.0
    for other in solver.spots:
        if other.rect is None or other.home[0] not in ("header", "footer"):
            continue
        if not any(overlap(other.stay, solver.spots[index].stay) for index in members):
            continue
        if other.home[0] == "header":
            top = max(top, other.rect.bottom - stage.body.y + stage.gutter)
        else:
            bottom = max(bottom, stage.body.bottom - other.rect.y + stage.gutter / 2)
    return regions.inset(stage.body, regions.snap(top), regions.snap(bottom))


def _scale(fragment: Fragment, rect: Rect, first: bool) -> float:
    """The scale at which a fragment fits a rectangle: 1 where it does. Only what stretches grows, when it moves to a
    larger place."""
    if fragment.width <= 0 or fragment.height <= 0:
        return 1.0
    fit = min(rect.width / fragment.width, rect.height / fragment.height)
    largest = 1.5 if fragment.stretch and not first else 1.0
    if abs(fit - 1.0) < 0.004 or (first and fit > 1.0):
        return 1.0
    return max(SMALLEST, min(largest, fit))


def _stand(spot: _Spot, fragment: Fragment, stage: Frame) -> Stand:
    rect = spot.rect
    assert rect is not None
    scale = spot.growth if spot.growth > 1 else _scale(fragment, rect, spot.number == 0)
    x = rect.x + scale * fragment.width / 2 if spot.flush else rect.x + rect.width / 2
    # Corners on whole px keep hairlines and text crisp where the build's pixels are the reference's.
    y = rect.y + rect.height / 2
    if spot.lift and not fragment.stretch:
        y -= presence.lift(scale * fragment.height, rect, stage.height)
        if spot.flush:
            y = min(y, rect.y + presence.hung(scale * fragment.height, rect) + scale * fragment.height / 2)
    left, top = round(x - scale * fragment.width / 2), round(y - scale * fragment.height / 2)
    return Stand(left + scale * fragment.width / 2, top + scale * fragment.height / 2, scale)


def arrange(
    lives: Sequence[Life], visuals: dict[str, VisualSpec], stage: Frame, measure: Measure
) -> tuple[Standing, ...]:
    """Lay out and place every life of a scene, in their order."""
    spots = _spots(lives, visuals)
    _company(spots)
    for index, spot in enumerate(spots):
        if spot.anchor is not None:
            direction, anchor = spot.anchor
            if spots[anchor].home[0] in ("header", "footer"):  # below a heading is where the body is anyway
                spot.home, spot.anchor = ("body",), None
                continue
            spot.home = spots[anchor].home
            (spots[anchor].above if direction == "above" else spots[anchor].below).append(index)
    homes: dict[tuple[str, ...], list[int]] = {}
    for index, spot in enumerate(spots):
        if spot.anchor is None:
            homes.setdefault(spot.home, []).append(index)
    solver = _Solver(spots, stage, measure)
    for home in ("header", "footer"):
        _strips(solver, homes.pop((home,), []), home)
    fixed = [key for key in homes if key != ("body",)]
    for key in fixed:
        for component in _components(homes[key], spots):
            if key[0] == "free":
                solver.solve(component, _free(spots[component[0]], stage))
            else:
                bleeds = any(spots[index].layout in _PICTURES for index in component)
                solver.solve(component, regions.named(key[1], stage, _body_for(solver, component), bleeds))
    for component in _components(homes.get(("body",), []), spots):
        obstacles = [
            _occupied(solver, other, other.rect)
            for key in fixed
            for other in (spots[index] for index in homes[key])
            if other.rect is not None and key != ("region", "full") and _meets(component, other, spots)
        ]
        body = _body_for(solver, component)
        solver.solve(component, regions.beyond(body, obstacles, stage.gutter))
    return _standings(lives, spots, solver)


def _occupied(solver: _Solver, spot: _Spot, rect: Rect) -> Rect:
    """What of its region a visual really takes: a low one in the top or bottom leaves the rest of it to the body."""
    fragment = solver.natural(spot, rect)
    if spot.home[-1] not in ("top", "bottom") or fragment.stretch or fragment.height >= rect.height:
        return rect
    return Rect(rect.x, rect.y + (rect.height - fragment.height) / 2, rect.width, fragment.height)


def _meets(component: Sequence[int], other: _Spot, spots: list[_Spot]) -> bool:
    return any(overlap(other.stay, spots[index].stay) for index in component)


def _standings(lives: Sequence[Life], spots: list[_Spot], solver: _Solver) -> tuple[Standing, ...]:
    found = []
    for index in range(len(lives)):
        own = [spot for spot in spots if spot.life == index]
        for spot in own:
            if spot.rect is None:  # set beside something that stands in a header or footer: the body is next best
                spot.rect = solver.stage.body
                solver.boxes.setdefault(index, solver.limit(spot, spot.rect))
        box = solver.boxes[index]
        fragment = solver.measure(index, box)
        found.append(Standing(fragment, box, tuple(_stand(spot, fragment, solver.stage) for spot in own)))
    return tuple(found)
