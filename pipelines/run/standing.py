"""What has become of every expected return of a quarter by a day: told by the marts' events, not kept anywhere.

The marts are as at the last receipt. The days since then change states too (a return becomes late), and the events
say so beforehand; a file that came since the last run is only *received*, as nobody has read it yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from pipelines.receipt import read_ledger
from pipelines.workspace import Workspace

NOTHING_CAME = ("due", "late", "missing")

# changed_at is a moment of the ledger; a state of a day is that of the day's end
STATES = """
select
    events.quarter,
    events.partner,
    coalesce(partners.name, events.partner) as partner_title,
    events.return,
    coalesce(max_by(events.state, [events.changed_at::varchar, events.step::varchar, events.row_id])
        filter (cast(events.changed_at as date) <= $day or events.state = 'erased'), 'not due') as state,
    any_value(calendar.due_on) as due_on,
    any_value(returns.received_at) as received_at,
    any_value(returns.days_late) as days_late,
    any_value(returns.rows_read) as rows_read,
    any_value(returns.rows_refused) as rows_refused,
    any_value(returns.rows_queried) as rows_queried,
    any_value(returns.file_name) as file_name
from staging.return_events as events
inner join framework.calendar as calendar on events.quarter = calendar.quarter
left join framework.partners as partners on events.partner = partners.partner_id
left join marts.returns as returns
    on events.quarter = returns.quarter and events.partner = returns.partner and events.return = returns.return
where events.quarter = $quarter
group by events.quarter, events.partner, partners.name, events.return
order by partner_title, events.return
"""


@dataclass(frozen=True)
class Standing:
    """One expected return on a day. `days_late` also of one that is late and has not come, counted to that day."""

    quarter: str
    partner: str
    partner_title: str
    return_name: str
    state: str
    due_on: date
    received_at: datetime | None
    days_late: int | None
    rows_read: int | None
    rows_refused: int | None
    rows_queried: int | None
    file_name: str | None

    @property
    def is_outstanding(self) -> bool:
        """Whether its sender still owes it: it has not come, or nothing of what came can be used."""
        return self.state in (*NOTHING_CAME, "refused", "withdrawn")


def being_collected(workspace: Workspace, day: date) -> str | None:
    """The quarter that is over and whose Board has not met by `day`; None where the calendar has none."""
    with duckdb.connect(str(workspace.database), read_only=True) as connection:
        asked = "select max(quarter) from framework.calendar where ends_on < $day and board_on >= $day"
        (quarter,) = connection.execute(asked, {"day": day}).fetchone() or (None,)
    return quarter


def standings(workspace: Workspace, quarter: str, day: date) -> list[Standing]:
    """Every return of `quarter` by the end of `day`, by partner and return."""
    with duckdb.connect(str(workspace.database), read_only=True) as connection:
        rows = connection.execute(STATES, {"quarter": quarter, "day": day}).fetchall()
        known = {sha for (sha,) in connection.execute("select sha256 from staging.files").fetchall()}
    unread = _unread(workspace, quarter, known)
    return [_by(Standing(*row), day, unread) for row in rows]


def _by(one: Standing, day: date, unread: Mapping[str, tuple[datetime, str]]) -> Standing:
    values: dict[str, Any] = {}
    if one.state in NOTHING_CAME and one.partner in unread:
        received_at, file_name = unread[one.partner]
        values = {"state": "received", "received_at": received_at, "file_name": file_name}
    elif one.state == "late":
        values = {"days_late": (day - one.due_on).days}
    return Standing(**(one.__dict__ | values))


def _unread(workspace: Workspace, quarter: str, known: set[str]) -> dict[str, tuple[datetime, str]]:
    """Partner → what came from it for the quarter, or for none that is known, since the marts were built."""
    return {
        receipt.received_from: (receipt.first_seen, receipt.original_name)
        for receipt in read_ledger(workspace)
        if receipt.sha256 not in known
        and receipt.received_from
        and receipt.folder in (quarter, workspace.inbox.name)
    }
