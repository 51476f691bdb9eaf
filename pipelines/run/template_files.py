"""The templates of a quarter, written for every partner: from the framework, and from what was last accepted."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.judge.judged import Judged
from pipelines.run.stages import open_framework, read_framework, take_in
from pipelines.storage.lock import only_run
from pipelines.template.book import template_bytes
from pipelines.template.forms import forms
from pipelines.workspace import Workspace


def write_templates(workspace: Workspace, quarter: str, partner: str | None, now: datetime) -> list[Path]:
    """Write each partner's template of `quarter`, or one partner's; their paths.

    From the framework as it stands now, and where there are marts, from what was last accepted.
    """
    with only_run(workspace.work):
        inputs = take_in(workspace, None, now)
        opened = open_framework(inputs, workspace)
        judged = read_framework(opened, inputs.memory)
        frame = judged.frames["framework.expected_returns"]
        expected: list[Any] = frame[frame["is_current"]].to_dict("records")
        past = _last_accepted(workspace, judged, quarter)
        made = forms(
            judged.contracts, judged.references, expected, quarter, past, inputs.as_at, partner
        )  # fmt: skip
        paths = []
        for form in made:
            path = workspace.template_file(quarter, form.partner)
            path.parent.mkdir(parents=True, exist_ok=True)
            aside = path.with_name(f".{path.name}")
            aside.write_bytes(template_bytes(form, inputs.code_version))
            aside.replace(path)
            paths.append(path)
        return paths


def _last_accepted(
    workspace: Workspace, judged: Judged, quarter: str
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return → partner → the rows that count of earlier quarters; nothing where there are no marts yet."""
    past: dict[str, dict[str, list[dict[str, Any]]]] = {}
    if not workspace.database.exists():
        return past
    with duckdb.connect(str(workspace.database), read_only=True) as connection:
        for contract in judged.contracts.values():
            if contract.is_framework:
                continue
            try:
                answer = connection.execute(
                    f"select * from {contract.full_name} where quarter < ? order by quarter, row_id",
                    [quarter],
                )
            except duckdb.CatalogException:  # a return that is newer than the marts
                continue
            names = [name for name, *_ in answer.description]
            for row in answer.fetchall():
                record = dict(zip(names, row, strict=True))
                past.setdefault(contract.name, {}).setdefault(record["partner"], []).append(record)
    return past
