"""The moment by the partnership's own clock, for whatever writes when it was done.

One clock for all: a machine may keep another time than the people whose mails it takes in, and what came first is
told by the receipts.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb

from pipelines.framework.calendar import time_zone
from pipelines.workspace import Workspace


def zone(workspace: Workspace) -> ZoneInfo | None:
    """Where the partnership's clocks are, as the marts know it; None, the machine's own, before there are any."""
    if not workspace.database.exists():
        return None
    try:
        with duckdb.connect(str(workspace.database), read_only=True) as connection:
            known = connection.execute("select setting_id, value from framework.settings").fetchall()
    except duckdb.Error:  # marts of an older version, or spoilt: the next run makes them anew
        return None
    return time_zone({name: str(value) for name, value in known if value is not None})


def now(workspace: Workspace) -> datetime:
    """This moment there, to the second; without its zone, as the ledger has it."""
    return datetime.now(zone(workspace)).replace(tzinfo=None, microsecond=0)
