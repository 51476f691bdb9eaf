"""How many measures and how many targets as worded have which rating, so that nobody takes one count for the other."""

from collections import Counter
from collections.abc import Sequence

from pipelines.pack.lookups import names, parents, rating_scale, targets
from pipelines.pack.model import Figure
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_rating import target_rating
from pipelines.pack.words import listed


def counts_of_measures(marts: Marts, lines: Sequence[Row]) -> str:
    """5 Green, 2 Amber/Green and 3 without a rating: each measure by itself."""
    number = Counter(line["rating"] for line in lines)
    parts = [f"{number[code]} {one.word}" for code, one in rating_scale(marts).items() if number[code]]
    return listed([*parts, f"{number[None]} without a rating"])


def counted_ratings(marts: Marts, quarter: str, rating: str | None) -> dict[str, Figure]:
    """Of one rating, or of none: how many targets as worded have it as the worst of their measures, and how many
    measures; each with the ratings that were counted.
    """
    scale, lines = rating_scale(marts), targets(marts, quarter)
    measures = [line for line in lines if line["rating"] == rating]
    worst = []
    for parent in parents(marts):
        parts = [line for line in lines if line["parent_id"] == parent["parent_id"]]
        if target_rating(parts, scale).figure.value == rating:
            worst.append(parts)
    word = scale[rating].word if rating else "no rating"
    of_worst = [line for parts in worst for line in parts if line["rating"] == rating]
    return {
        "parents": _made(len(worst), of_worst, f"Counted: each {names(marts).target} whose worst is {word}"),
        "measures": _made(len(measures), measures, f"Counted: measures with {word}"),
    }


def _made(number: int, lines: Sequence[Row], method: str) -> Figure:
    # a measure without a rating has none that could be led to, and is named
    inputs = (f"floor_targets:{row['row_id']}:{'rating' if row['rating'] else 'title'}" for row in lines)
    return Figure(number, tuple(inputs), method)
