"""Which counts ratings may tell more of than their rounding does: later packs take these to be known as they are."""

from collections.abc import Iterable

import duckdb

from pipelines.disclosure.counts import Count, subject_of

TARGET = "target:"


def told_exactly(
    counts: Iterable[Count], untold: set[str], connection: duckdb.DuckDBPyConnection, source: str
) -> set[str]:
    """The names of counts by whose exact size something in the pack was rated, but for those of `untold` subjects,
    whose judgements are left out.

    A target is rated by its figures before rounding, and that a rating is not shown or does not change tells as much.
    A proxy or a project's output is rated by people alone: of one that nobody rated nothing is told but its rounded
    figures, as all else of the pack is worked out from these.
    """
    rated = _rated(connection, source)
    found = (count.key.name for count in counts)
    return {
        name
        for name in found
        if (subject := subject_of(name)) not in untold and (name.startswith(TARGET) or subject in rated)
    }


def _rated(connection: duckdb.DuckDBPyConnection, source: str) -> set[str]:
    """The references of proxies that somebody judged, in any quarter, and of projects whose outputs or risks a partner
    rated.
    """
    rows = connection.execute(
        f"""
        select subjects.subject
        from staging.received_ratings as ratings
        inner join {source}.framework.subjects as subjects on lower(trim(ratings.subject)) = subjects.name
        where ratings.rating is not null and subjects.subject_kind = 'proxy'
        union
        select project_id from staging.received_nrf_spend where coalesce(rating_delivery, rating_risk) is not null
        """
    ).fetchall()
    return {subject for (subject,) in rows}
