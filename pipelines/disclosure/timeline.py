"""Counts of one place over time: what their differences give of the periods between.

Every count that adds up over time says by how much a running total grew from one day to another. Days that are tied
by such counts, in however many steps, tell the count between any two of them: two years that overlap and the quarter
in which the first began tell the quarter in which the second ended.
"""

from datetime import date
from itertools import pairwise

CLOSE, CLOSE_SHARE = 2.0, 0.02  # how far a sum may be off and be one still, as a number and as a share


def is_close(total: float, together: float) -> bool:
    return abs(total - together) <= max(CLOSE, CLOSE_SHARE * together)


class Timeline:
    """Days with the running total at each, in as many pieces as nothing ties together."""

    def __init__(self) -> None:
        self._piece: dict[date, dict[date, float]] = {}

    def takes(self, start: date, after: date, value: float) -> bool | None:
        """Tie two days by a count. True where it is what others give already, False (and it is left out) where it
        is not, or where a period between would have fewer than none; None where it is new.
        """
        first = self._piece.setdefault(start, {start: 0.0})
        second = self._piece.setdefault(after, {after: 0.0})
        if first is second:
            return is_close(value, first[after] - first[start])
        shift = first[start] + value - second[after]
        together = first | {day: total + shift for day, total in second.items()}
        running = [together[day] for day in sorted(together)]
        if any(later < before - CLOSE for before, later in pairwise(running)):
            return False
        for day in together:
            self._piece[day] = together
        return None

    def between(self, start: date, after: date) -> float | None:
        """The count from one day to another, if the two are tied."""
        piece = self._piece.get(start)
        if piece is None or after not in piece:
            return None
        return max(0.0, piece[after] - piece[start])

    def gaps(self) -> list[tuple[date, date]]:
        """From each day to the next that is tied to it."""
        found = set()
        for piece in self._piece.values():
            days = sorted(piece)
            found |= set(pairwise(days))
        return sorted(found)
