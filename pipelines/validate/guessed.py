"""Rows whose key was read with a slip: one that meets the genuine row of that key must not take it down with it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pipelines.contract import Contract
from pipelines.findings import Finding
from pipelines.framework.references import References
from pipelines.tidy.values import TYPED
from pipelines.validate.rules import ONE_ROW

Rows = Mapping[str, Mapping[str, Any]]


def spare_exact_keys(
    contract: Contract, findings: Iterable[Finding], rows: Rows, references: References
) -> list[Finding]:
    """The findings, where of rows with one key those alone are refused whose key was guessed.

    `rows` are by row_id. Where no row, or more than one, has the key as it is written, all are refused as before.
    """
    findings = list(findings)
    rivals: dict[tuple[Any, ...], dict[str, str | None]] = {}
    for finding in findings:
        if finding.rule == ONE_ROW:
            row = rows[finding.row_id or ""]
            key = (row["submission_id"], *(row[name] for name in contract.key))
            rivals.setdefault(key, {})[finding.row_id or ""] = _guess(contract, row, references)
    guesses: dict[str, str | None] = {}
    for group in rivals.values():
        if sum(guess is None for guess in group.values()) == 1:
            guesses |= group
    kept = [f for f in findings if f.rule != ONE_ROW or guesses.get(f.row_id or "", "") is not None]
    return [
        replace(finding, because=because)
        if finding.rule == ONE_ROW and (because := guesses.get(finding.row_id or ""))
        else finding
        for finding in kept
    ]


def _guess(contract: Contract, row: Mapping[str, Any], references: References) -> str | None:
    """What to say of a row whose key was guessed; None where each part of it stands as the framework has it."""
    for name in contract.key:
        column = contract.by_name[name]
        reference = references.get(column.refers_to or "")
        typed = row[name + TYPED]
        if not reference or not isinstance(typed, str) or row[name] not in reference.facts:
            continue
        if row[name] not in (typed, reference.resolve(typed)):
            return (
                f"'{typed}' could be a slip for {row[name]}, but another row has {row[name]} itself, so this row "
                f"was not used and that one was. Correct '{column.header}', or delete this row."
            )
    return None
