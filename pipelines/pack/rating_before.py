"""How each measure was rated in the quarter before, and which way the ratings went since."""

from collections.abc import Mapping, Sequence

from pipelines.pack.lookups import label, rating_scale, targets
from pipelines.pack.model import Figure, Rating
from pipelines.pack.read import Marts, Row
from pipelines.pack.target_rating import NO_RATING
from pipelines.pack.words import UNROUNDED, listed


def which_way(marts: Marts, quarter: str) -> str:
    """How many measures are rated better or worse than in the quarter before, or one of the two times only."""
    before, scale = quarter_before(marts, quarter), rating_scale(marts)
    pairs = [
        (was[0]["rating"], row["rating"])
        for row in targets(marts, quarter)
        if (was := _then_of(marts, before, row))
    ]
    if before is None or not pairs:
        return ""
    steps = [scale[now].rank - scale[was].rank for was, now in pairs if was and now]
    told = {
        "better": sum(step < 0 for step in steps),
        "worse": sum(step > 0 for step in steps),
        "now rated": sum(was is None and now is not None for was, now in pairs),
        "no longer rated": sum(was is not None and now is None for was, now in pairs),
    }
    said = listed(
        f"{number or 'none'} {way}" for way, number in told.items() if number or way in ("better", "worse")
    )
    return f"Ratings since {label(marts, before)}: {said}."


def _then_of(marts: Marts, before: str | None, row: Row) -> Sequence[Row]:
    """The measure's line of the quarter before; none where it was none of that quarter's."""
    return marts.rows("floor_targets", quarter=before, target_id=row["target_id"]) if before else []


def quarter_before(marts: Marts, quarter: str) -> str | None:
    """The quarter before, where there is one."""
    earlier = [row["quarter"] for row in marts.rows("calendar") if row["quarter"] < quarter]
    return max(earlier, default=None)


def rating_before(marts: Marts, before: str | None, row: Row, scale: Mapping[str, Rating]) -> Figure | None:
    """The measure's rating of the quarter before, and whether this one is better or worse; None where it was none of
    that quarter's.
    """
    found = _then_of(marts, before, row)
    if not found:
        return None
    was, now = (one["rating"] for one in (found[0], row))
    if was is None:
        said = f"{NO_RATING}: {'now rated' if now else 'the same'}"
    else:
        step = scale[now].rank - scale[was].rank if now else 0
        way = (
            "now none"
            if now is None
            else "the same"
            if step == 0
            else "now worse"
            if step > 0
            else "now better"
        )
        by = ", before rounding" if found[0]["rating_reason"] == UNROUNDED else ""
        said = f"{scale[was].word}{by}: {way}"
    inputs = tuple(f"floor_targets:{one['row_id']}:rating" for one in (found[0], row) if one["rating"])
    return Figure(said, inputs, "Set side by side: the rating then and now" if inputs else "")
