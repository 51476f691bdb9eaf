"""Inputs: every file that this pack was made from, with its hash and what became of it, and by what it was made.

The same facts lie beside the pack as its manifest (`issue/manifest.py`).
"""

import hashlib
import json
import re
from typing import Any

from pipelines.pack.lookups import partner_name, return_title
from pipelines.pack.model import Column, Sheet, Table
from pipelines.pack.read import Marts
from pipelines.pack.words import day

PARTNERS_ONLY = True
ORDER = 95
OF_RETURN = re.compile(r"(\S+) of (\S+) for (\S+) (\w+)")  # as marts.inputs says what was in a file
FILE = ("file_name", "sha256", "folder", "kind", "received_at", "received_from", "size_bytes", "became")
COLUMNS = [
    Column("kind", "Kind", width=11),
    Column("became", "What became of it", width=44),
    Column("file_name", "File", width=26),
    Column("folder", "Came in", width=12),
    Column("received_at", "Received", "moment"),
    Column("received_from", "From", width=16, missing="z"),
    Column("size_bytes", "Bytes", "number", is_figure=False),
    Column("sha256", "SHA-256 of file", width=34),
]


def made_from(marts: Marts, quarter: str) -> dict[str, Any]:
    """What the pack of a quarter is made from, as a manifest has it, with the hash of it all."""
    about = marts.one("about")
    facts = {
        "quarter": quarter,
        "as_at": about["as_at"].isoformat(),
        "run_id": about["run_id"],
        "code_version": about["code_version"],
        "contracts_version": about["contracts_version"],
        "framework_version": about["framework_version"],
        "inputs": [
            {name: row[name] for name in FILE} | {"received_at": row["received_at"].isoformat()}
            for row in marts.rows("inputs", order=("received_at", "row_id"))
        ],
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    return {**facts, "manifest_sha256": hashlib.sha256(text.encode()).hexdigest()}


def _by_names(marts: Marts, became: str) -> str:
    """What became of a file, with the names of returns, partners and quarters for their references."""
    labels = {row["quarter"]: row["label"] for row in marts.rows("calendar")}
    parts = []
    for part in became.split("; "):
        found = OF_RETURN.fullmatch(part)
        if found is None:
            return became
        name, partner, quarter, state = found.groups()
        parts.append(
            f"{return_title(marts, name)} of {partner_name(marts, partner)} for {labels.get(quarter, quarter)}: {state}"
        )
    return "; ".join(parts)


def sheets(marts: Marts, quarter: str) -> list[Sheet]:
    made = made_from(marts, quarter)
    said = {
        "As at": f"{day(marts.one('about')['as_at'])}: with what had been received by the end of that day.",
        "Run": f"{made['run_id']}: the hash of all that follows and of when each file came.",
        "Code": f"{made['code_version']}: the hash of the pipeline's code, SQL and contracts.",
        "Contracts": f"{made['contracts_version']}: the hash of the contracts alone.",
        "Framework": f"{made['framework_version']}: the hash of the framework's files.",
        "This manifest": f"{made['manifest_sha256']}: the SHA-256 of all of this; beside the pack it stands again.",
    }
    by = Table(
        "Inputs_made_by",
        "By what this pack was made",
        [Column("about", "About", width=11), Column("text", "Text", width=44)],
        [{"about": about, "text": text} for about, text in said.items()],
        "Nothing is known.",
    )
    files = Table(
        "Inputs_files",
        "Files received by then, in the order in which they came",
        COLUMNS,
        [
            {
                **row,
                "received_from": partner_name(marts, row["received_from"]),
                "became": _by_names(marts, row["became"]),
            }
            for row in marts.rows("inputs", order=("received_at", "row_id"))
        ],
        "No file had been received.",
    )
    purpose = "Every file this pack was made from, with its hash and what became of it: the pack's manifest."
    return [Sheet("Inputs", "Inputs: what this pack was made from", [by, files], purpose)]
