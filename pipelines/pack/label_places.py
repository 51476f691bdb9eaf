"""Where the label of a mark in a chart stands so that no line goes through it: one of several places around it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

Spot = tuple[float, float]
Segment = tuple[Spot, Spot]


class Box(NamedTuple):
    """A rectangle, y growing downwards; in the units of whatever it lies on."""

    left: float
    top: float
    right: float
    bottom: float

    def is_crossed(self, segment: Segment) -> bool:
        """Whether some of a line between two spots, or a spot alone, lies in it (Liang and Barsky's clipping)."""
        (x, y), (to_x, to_y) = segment
        enters, leaves = 0.0, 1.0
        for step, room in (
            (x - to_x, x - self.left), (to_x - x, self.right - x),
            (y - to_y, y - self.top), (to_y - y, self.bottom - y),
        ):  # fmt: skip
            if step == 0:
                if room < 0:
                    return False
            elif step < 0:
                enters = max(enters, room / step)
            else:
                leaves = min(leaves, room / step)
        return enters <= leaves

    def is_within(self, other: "Box") -> bool:
        return (
            self.left >= other.left
            and self.top >= other.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )


def segments(run: Sequence[Spot]) -> Iterator[Segment]:
    """A line through spots as its parts; a lone spot as one of no length."""
    yield from pairwise(run) if len(run) > 1 else ((spot, spot) for spot in run)


def best(places: Sequence[Box], lines: Iterable[Segment], within: Box) -> int:
    """Which of several places, the first of those that the fewest lines cross; one that lies within before others."""
    drawn = list(lines)
    faults = [
        (not place.is_within(within), sum(place.is_crossed(segment) for segment in drawn)) for place in places
    ]
    return faults.index(min(faults))
