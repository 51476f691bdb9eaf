"""Context columns: what a rule needs to know beyond its own row, one SQL select per return.

`sql/context/<return>.sql` reads `rows` (the return's rows) and the framework's tables and gives one
line per row_id. So that every rule stays a plain row or pair expectation.
"""

from pathlib import Path

import duckdb
import pandas as pd

from pipelines.contract import WHOSE, Contract


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
    with duckdb.connect() as connection:
        connection.execute("create schema framework")
        for name, entity in frames.items():
            if contracts[name].is_framework:
                _create(connection, name, contracts[name], entity[entity["is_current"]])
        _create(connection, "rows", contract, frame)
        context = connection.execute(select.read_text(encoding="utf-8")).df()
    if sorted(context["row_id"]) != sorted(frame["row_id"]):
        raise ContextError(f"{select.name} must give one line for each row_id of rows.")
    context = context.set_index("row_id").loc[frame["row_id"]].reset_index(drop=True)
    return pd.concat([frame, context], axis=1)


def _create(
    connection: duckdb.DuckDBPyConnection, table: str, contract: Contract, frame: pd.DataFrame
) -> None:
    """The frame as a table of the contract's types: a column without a value would else be of any."""
    texts = [name for name in ("row_id", "submission_id", *WHOSE) if name in contract.carried]
    types = dict.fromkeys(texts, "VARCHAR") | contract.sql_columns
    casts = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types.items())
    connection.register("incoming", frame[list(types)])
    connection.execute(f"create table {table} as select {casts} from incoming")
    connection.unregister("incoming")
