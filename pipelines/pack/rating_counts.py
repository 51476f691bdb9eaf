"""How many measures and how many targets as worded have which rating, so that nobody takes one count for the other."""

from collections import Counter
from collections.abc import Iterable, Sequence

from pipelines.pack.lookups import names, parents, rating_scale, targets
from pipelines.pack.model import Paragraph
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_rating import target_rating
from pipelines.pack.words import listed


def counts_of_measures(marts: Marts, lines: Sequence[Row]) -> str:
    """5 Green, 2 Amber/Green and 3 without a rating: each measure by itself."""
    return _counts(marts, (line["rating"] for line in lines))


def counted_ratings(marts: Marts, quarter: str) -> list[Paragraph]:
    """The ratings of targets as worded and those of their measures, each counted by itself; nothing without targets."""
    scale, lines = rating_scale(marts), targets(marts, quarter)
    found = {
        row["parent_id"]: target_rating([one for one in lines if one["parent_id"] == row["parent_id"]], scale)
        for row in parents(marts)
    }
    if not lines:
        return []
    whole = _counts(marts, (one.figure.value for one in found.values()))
    told = [
        f"{name} ({one.words(scale)})"
        for name, one in found.items()
        if one.figure.value and (one.part or one.whose)
    ]
    named = names(marts).target
    return [
        Paragraph(
            f"Ratings are counted in two ways. By {named}, each with the worst rating of its measures: of "
            f"{len(found)}, {whole}; Contents lists them. By measure, each by itself: of {len(lines)}, "
            f"{counts_of_measures(marts, lines)}; Summary lists them."
        ),
        *(
            [Paragraph(f"Not all measures of these are rated, or somebody gave a rating: {listed(told)}.")]
            if told
            else []
        ),
    ]


def _counts(marts: Marts, ratings: Iterable[str | None]) -> str:
    number = Counter(ratings)
    parts = [f"{number[code]} {one.word}" for code, one in rating_scale(marts).items() if number[code]]
    return listed([*parts, f"{number[None]} without a rating"])
