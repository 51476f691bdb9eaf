"""Context columns: what a rule needs to know beyond its own row, one SQL select per return.

`sql/context/<return>.sql` reads `rows` (the return's rows) and the framework's tables and gives one
line per row_id. So that every rule stays a plain row or pair expectation.
"""

from pathlib import Path

import duckdb
import pandas as pd

from pipelines.contract import Contract


class ContextError(Exception):
    """A context select does not give exactly one line for each row: our fault."""


def widen(
    frame: pd.DataFrame, contract: Contract, framework: dict[str, pd.DataFrame], folder: Path
) -> pd.DataFrame:
    """`frame` with the context columns of its return, in the same order; itself if there are none."""
    select = folder / f"{contract.name}.sql"
    if frame.empty or contract.is_framework or not select.exists():
        return frame
    with duckdb.connect() as connection:
        connection.execute("create schema framework")
        for name, entity in framework.items():
            if name.startswith("framework."):
                connection.register("entity", entity)
                connection.execute(f"create table {name} as select * from entity where is_current")
        own = frame[["row_id", "submission_id", "partner", "quarter", *contract.sql_columns]]
        connection.register("rows", own)
        context = connection.execute(select.read_text(encoding="utf-8")).df()
    if sorted(context["row_id"]) != sorted(frame["row_id"]):
        raise ContextError(f"{select.name} must give one line for each row_id of rows.")
    context = context.set_index("row_id").loc[frame["row_id"]].reset_index(drop=True)
    return pd.concat([frame, context], axis=1)
