"""Places on the page by what they show. An id is letters, digits and underscores, whatever the framework's names hold.

There is no hyphen in them, so that what the page puts before or after one with a hyphen stays its own.
"""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

NO_PART_OF_AN_ID = re.compile(r"[^A-Za-z0-9]+")


class Places(NamedTuple):
    """What has a place on the page: sheets and measures with their ids, and the cells that lead to a source."""

    sheets: dict[str, str]
    measures: dict[str, str]
    sourced: set[tuple[str, str]]


def anchors(names: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """An id for each name, as like it as may be; of names that come out alike the later ones are numbered."""
    given: dict[str, str] = {}
    used = set(taken)
    for name in names:
        plain = found = NO_PART_OF_AN_ID.sub("_", name)
        number = 1
        while found in used:
            number += 1
            found = f"{plain}_{number}"
        given[name] = found
        used.add(found)
    return given
