"""Context columns: what a rule needs to know beyond its own row, one SQL select per return.

`sql/context/<return>.sql` reads `rows` (the return's rows: of every partner, quarter and submission, with
`received_at`), the framework's tables and the views of `sql/framework/` over them, `framework.limits`
(setting_id, value: framework/rule_limits.py) and, as staging, the rows that count of the returns that its contract
says it comes `after`. It gives one line per row_id, so that every rule stays a plain row or pair expectation.
"""

import re
from pathlib import Path

import duckdb
import pandas as pd

from pipelines.contract import WHOSE, Contract
from pipelines.framework.rule_limits import limits


class ContextError(Exception):
    """A context select does not give exactly one line for each row: our fault."""


def widen(
    frame: pd.DataFrame,
    contract: Contract,
    frames: dict[str, pd.DataFrame],
    contracts: dict[str, Contract],
    folder: Path,
) -> pd.DataFrame:
    """`frame` with the context columns of its return, in the same order; itself if there are none.

    `frames` and `contracts` are by full name; those of the framework are what the select may look up.
    """
    select = folder / f"{contract.name}.sql"
    if frame.empty or contract.is_framework or not select.exists():
        return frame
    query = select.read_text(encoding="utf-8")
    views = {
        f"framework.{path.stem}": path.read_text(encoding="utf-8")
        for path in sorted((folder.parent / "framework").glob("*.sql"))
    }
    views = {name: view for name, view in views.items() if name in query}
    read = set(re.findall(r"\b(?:framework|staging)\.\w+", " ".join([query, *views.values()])))
    with duckdb.connect() as connection:
        # a partnership's data is small: handing it between threads takes longer than the work
        connection.execute("set threads = 1; create schema framework; create schema staging")
        seen = {f"staging.{name}" for name in contract.after}
        for name, entity in frames.items():
            if name in read and (contracts[name].is_framework or name in seen):
                counting = entity[entity["is_current"].astype(bool)]
                _create(connection, name, contracts[name], counting)
        _create_limits(connection, frames)
        _create(connection, "rows", contract, frame)
        for name, view in views.items():
            connection.execute(f"create view {name} as {view}")
        context = connection.execute(query).df()
    if sorted(context["row_id"]) != sorted(frame["row_id"]):
        raise ContextError(f"{select.name} must give one line for each row_id of rows.")
    context = context.set_index("row_id").loc[frame["row_id"]].reset_index(drop=True)
    return pd.concat([frame, context], axis=1)


def _create_limits(connection: duckdb.DuckDBPyConnection, frames: dict[str, pd.DataFrame]) -> None:
    connection.execute("create table framework.limits (setting_id varchar primary key, value double)")
    settings = frames.get("framework.settings")
    given = {}
    if settings is not None:
        counting = settings[settings["is_current"].astype(bool)]
        given = dict(zip(counting["setting_id"], counting["value"], strict=True))
    for name, value in limits(given).items():
        connection.execute("insert into framework.limits values (?, ?)", [name, value])


def _create(
    connection: duckdb.DuckDBPyConnection, table: str, contract: Contract, frame: pd.DataFrame
) -> None:
    """The frame as a table of the contract's types: a column without a value would else be of any."""
    texts = [name for name in ("row_id", "submission_id", *WHOSE) if name in contract.carried]
    types = dict.fromkeys(texts, "VARCHAR") | contract.sql_columns
    if "received_at" in frame:
        types["received_at"] = "TIMESTAMP"
    casts = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types.items())
    connection.register("incoming", frame[list(types)])
    connection.execute(f"create table {table} as select {casts} from incoming")
    connection.unregister("incoming")
