"""All counts of one thing on one grid: every place that sent one and every place that such a place lies in, by every
period that was sent and every piece into which these cut one another.

A period is the sum of its pieces, a place that of those within it, of each kind; those that nobody sent are cells too,
named by where they lie, so that two totals that overlap share what is common to them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from pipelines.disclosure.counts import Equation, Key, apart, later
from pipelines.disclosure.timeline import CLOSE, Timeline, is_close

Within = Mapping[str, tuple[str, str]]
Span = tuple[date, date]  # from a day to the day after the last
Stood = Mapping[str, Sequence[tuple[date | None, date | None]]]
FAR = 0.5  # by what share of itself a year may be less than its quarters and be their sum, with a fault


class Family(NamedTuple):
    """A place and those within it of one kind: those that counts are of, the others, and what stands for these."""

    parent: str
    used: tuple[str, ...]
    unused: tuple[str, ...]
    rest: str


class Grid:
    """All counts of one thing: places by periods. Values that follow from others are put among `values`."""

    def __init__(self, own: Sequence[Key], within: Within, stood: Stood, values: dict[Key, float]) -> None:
        self.series = own[0].series
        self.own, self.stood, self.values = own, stood, values
        self.families, self.places = _families({key.area for key in own}, within)
        self.sent = {(key.area, (key.start, key.after)) for key in own}
        spans = {span for _, span in self.sent}
        days = sorted({day for span in spans for day in span})
        self.pieces = [
            piece
            for piece in pairwise(days)
            if any(start <= piece[0] and piece[1] <= after for start, after in spans)
        ]
        self.sent_spans = spans - set(self.pieces)
        self.spans = spans | set(self.pieces)

    def equations(self) -> Iterator[Equation]:
        """The sums over time and places that the figures do not speak against.

        One figure that is wrong, such as a provisional one, speaks against each total that it is part of. These are
        sums for all that, off by what a reader may have guessed: two totals with the same fault tell what only one of
        them holds. A year that is far less than its quarters is none: its mean, or people on a register.
        """
        refused = self.follow()
        for span in sorted(self.spans):
            inside = [piece for piece in self.pieces if span[0] <= piece[0] and piece[1] <= span[1]]
            for place in self.places if len(inside) > 1 else ():
                total = self._key(place, span)
                one = Equation(total, tuple(self._key(place, piece) for piece in inside))
                if total not in refused:
                    yield one
                elif even := list(self._even(total)):
                    yield from even
                elif not self._is_level(one):
                    yield one
            yield from self._over_places(span)

    def follow(self) -> set[Key]:
        """Work out what follows, until nothing more does; which counts are no sum of their pieces."""
        while True:
            known = len(self.values), len(self.spans)
            while self._follow_places():
                pass
            refused = self._follow_time()
            if known == (len(self.values), len(self.spans)):
                return refused

    def _follow_places(self) -> bool:
        """Where all of a place and those within it but one are known, that one is."""
        is_new = False
        for span in sorted(self.spans):
            for one in self._over_places(span):
                left, unknown = self._left(one)
                if left is None and not unknown:
                    self.values[one.total] = sum(self.values[part] for part in one.parts)
                elif left is not None and len(unknown) == 1 and left >= -CLOSE:
                    self.values[unknown[0]] = max(0.0, left)
                else:
                    continue
                is_new = True
        return is_new

    def _follow_time(self) -> set[Key]:
        """What differences over time give, place by place; which counts are no sum of their pieces."""
        refused, held, lines = set(), 0, {}
        for place in self.places:
            line = lines[place] = Timeline()
            known = [self._key(place, span) for span in self.spans if self._key(place, span) in self.values]
            known.sort(key=lambda key: (key.after - key.start, key.start))
            for key in known:
                said = line.takes(key.start, key.after, self.values[key])
                held += said is True and (place, (key.start, key.after)) in self.sent
                if said is False:
                    refused.add(key)
        adds_up = held >= len(refused)  # else these are levels, such as people on a register
        for place, line in lines.items():
            self.spans |= {
                gap for gap in line.gaps() if any(s <= gap[0] and gap[1] <= a for s, a in self.sent_spans)
            }
            for start, after in self.spans:
                key = self._key(place, (start, after))
                if key not in self.values and (adds_up or (start, after) not in self.sent_spans):
                    value = line.between(start, after)
                    if value is not None:
                        self.values[key] = value
        return refused

    def _over_places(self, span: Span) -> Iterator[Equation]:
        for one in self.families:
            for day in self._days_of_shapes(one, span):
                parts = [
                    key
                    for key in (self._key(place, span) for place in one.used)
                    if self._stood(key.area, day) or (day == span and key in self.values)
                ]
                if any(self._stood(place, day) for place in one.unused):
                    parts.append(self._key(one.rest, span))
                if parts:
                    yield Equation(self._key(one.parent, span), tuple(parts))

    def _days_of_shapes(self, one: Family, span: Span) -> list[Span]:
        """When to look which areas stood: the whole period; where areas were redrawn within it and old ones or new
        ones were sent for all of it, its first day or its last, or both.
        """
        day = timedelta(days=1)
        first, last = (span[0], span[0] + day), (span[1] - day, span[1])
        everyone = (*one.used, *one.unused)
        old, new = ({area for area in everyone if self._stood(area, end)} for end in (first, last))
        if old == new:
            return [span]
        sent = {area for area in one.used if (area, span) in self.sent}
        ends = [
            end for end, areas, others in ((first, old, new), (last, new, old)) if sent & (areas - others)
        ]
        return ends or [span]

    def _stood(self, area: str, span: Span) -> bool:
        """Whether there was such an area in a period."""
        return any(
            (since or span[0]) < span[1] and (until or span[0]) >= span[0]
            for since, until in self.stood.get(area, ((None, None),))
        )

    def _left(self, one: Equation) -> tuple[float | None, list[Key]]:
        """What a total's known parts leave of it, None where it is not known; and the parts that are not."""
        unknown = [part for part in one.parts if part not in self.values]
        if one.total not in self.values:
            return None, unknown
        return self.values[one.total] - sum(self.values.get(part, 0.0) for part in one.parts), unknown

    def _is_level(self, one: Equation) -> bool:
        """Whether a period has so much less than its pieces that it is no sum of them, or not all are known."""
        left, unknown = self._left(one)
        return left is None or bool(unknown) or -left > max(CLOSE, FAR * self.values[one.total])

    def _even(self, total: Key) -> Iterator[Equation]:
        """A count that is no sum of its pieces, as the sum or the mean of others of one length that fill it; as their
        mean too where one of them is missing.
        """
        by_length: dict[int, list[Key]] = defaultdict(list)
        for key in sorted(self.own):
            if (
                key.area == total.area
                and total.start <= key.start
                and key.end <= total.end
                and key in self.values
            ):
                by_length[key.months].append(key)
        for months, parts in sorted(by_length.items()):
            is_even = months and all(apart(total.start, key.start) % months == 0 for key in parts)
            many = total.months // months if months else 0
            if not is_even or many < 2 or total.months % months or total not in self.values:
                continue
            together = sum(self.values[key] for key in parts)
            left = many * self.values[total] - together
            if len(parts) == many:
                for times in (1.0, float(many)):
                    if is_close(times * self.values[total], together):
                        yield Equation(total, tuple(parts), times)
                        break
            elif len(parts) == many - 1 and left >= 0:
                starts = (later(total.start, months * number) for number in range(many))
                (start,) = set(starts) - {key.start for key in parts}
                missing = self._key(total.area, (start, later(start, months)))
                self.values.setdefault(missing, left)
                yield Equation(total, (*parts, missing), float(many))

    def _key(self, area: str, span: Span) -> Key:
        return Key(*self.series, area, span[0], span[1] - timedelta(days=1))


def _families(used: set[str], within: Within) -> tuple[list[Family], list[str]]:
    """Each place with those within it of one kind, from the lowest up, and all places: those used, those that they
    lie in at any depth, and for each family of which some are not among these, one that stands for the rest.
    """
    depth: dict[str, int] = {}
    for area in sorted(used):
        above = [area]
        while (up := within.get(above[-1], ("", ""))[0]) and up not in above:
            above.append(up)
        depth |= {one: len(above) - number for number, one in enumerate(above)}
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for area in sorted(depth):
        if area in within:
            members[within[area]].append(area)
    everyone: dict[tuple[str, str], list[str]] = defaultdict(list)
    for area, place in within.items():
        everyone[place].append(area)
    families, places = [], sorted(depth)
    for place, children in sorted(members.items(), key=lambda one: (-depth[one[0][0]], one[0])):
        parent, kind = place
        unused = sorted(set(everyone[place]) - set(children))
        families.append(
            Family(parent, tuple(children), tuple(unused), f"{kind} in {parent} but {', '.join(children)}")
        )
        places += [families[-1].rest] if unused else []
    return families, places
