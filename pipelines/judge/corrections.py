"""Corrections: values known to be wrong in what a partner sent, put right as data, with reason and by whom.

One is applied only while the cell says what the correction expects; else a finding says so. What the partner
typed stays beside the corrected value, and its provenance names the correction. Where the contract has a column
looked through for personal data, what was typed stays and is told without it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.cells import Cell
from pipelines.contract import Column, Contract
from pipelines.findings import CORRECTION, NOTE, QUERY, Finding
from pipelines.framework.references import References
from pipelines.headings import plain
from pipelines.judge.same import same_value
from pipelines.judge.waivers import column_called, same_key
from pipelines.parse.dates import spoken
from pipelines.personal_data import RULE as NO_PERSONAL_DATA
from pipelines.personal_data import masked
from pipelines.submission import Submission
from pipelines.tidy.tidied import Link, Row
from pipelines.tidy.values import PROBLEM, Around, names_of, read_value

Correction = Mapping[str, Any]
Place = tuple[str, str]  # row and column


@dataclass
class Corrected:
    """What was corrected: row and column → the sentence of it; and what is to be said of the corrections."""

    values: dict[Place, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def correct(
    contract: Contract,
    submissions: list[Submission],
    corrections: Iterable[Correction],
    references: References,
) -> Corrected:
    """Correct the rows of a return's submissions (oldest first) in place; the same again if done again."""
    done = Corrected()
    private = _looked_through(contract)
    for correction in corrections:
        if plain(correction["return_name"]) != plain(contract.name) or correction["state"] == "fixed":
            continue
        mine = [s for s in submissions if _is_for(correction, s)]
        found = [
            (s, row, name, masked(typed) if name in private else typed)
            for s in mine
            for row, name, typed in _values(correction, s)
        ]
        if problem := _problem(correction, contract, bool(mine), [typed for *_, typed in found]):
            done.findings.append(_about(correction, problem))
        for submission, row, name, typed in found:
            column = contract.by_name[name]
            if not _says(typed, correction, column) or _units_hang_on(contract, name):
                continue
            if (row["row_id"], name) in done.values:
                twice = "Another correction of the same value was applied already, so this one was not."
                done.findings.append(_about(correction, twice))
                continue
            said = submission.tidied.said.get(name)
            value = read_value(
                column,
                Cell(0, 0, correction["should_say"]),
                _facts(contract, name, row, references),
                references,
                Around(said, quarter=submission.quarter),  # as it would be read in the partner's own table
            )
            columns = dict(zip(names_of(column), value.fields, strict=True))
            if trouble := columns[name + PROBLEM]:
                done.findings.append(_about(correction, f"'It should say' can't be read. {trouble}"))
                continue
            as_typed = row[f"{name}__as_typed"]
            if name in private:
                as_typed = masked(as_typed)
                # once it is corrected, no rule sees what was typed any more
                submission.tidied.retype({(row["row_id"], name)}, masked)
            row.update(columns | {f"{name}__as_typed": as_typed})
            # it is settled what it should say: earlier values have no more to say of it
            submission.tidied.alternatives.pop((row["row_id"], name), None)
            sentence = (
                f"Read as '{correction['should_say']}', as corrected by {correction['corrected_by']} on "
                f"{spoken(correction['corrected_on'])}: {correction['reason']}"
            )
            sentence = masked(sentence) if name in private else sentence
            done.values[row["row_id"], name] = sentence
            done.findings.append(
                Finding(
                    rule="value_corrected",
                    because=f"This says '{typed}'. {sentence}",
                    consequence=NOTE,
                    submission_id=submission.submission_id,
                    row_id=row["row_id"],
                    column_name=name,
                    settled=sentence,
                    settled_by=CORRECTION,
                )
            )
    return done


def _is_for(correction: Correction, submission: Submission) -> bool:
    mine = (submission.partner, submission.quarter)
    if mine != (correction["partner_id"], correction["for_quarter"]):
        return False
    named = correction["file_name"]
    receipt = submission.receipt
    return not named or named == receipt.original_name or receipt.sha256.startswith(named.strip().lower())


def _values(correction: Correction, submission: Submission) -> list[tuple[Row, str, str]]:
    """The values that a correction names in a submission: row, column, as typed."""
    contract = submission.contract
    rows = dict(zip(submission.tidied.row_ids, submission.tidied.rows, strict=True))

    def is_named(link: Link) -> bool:
        if correction["cell"]:
            sheet = correction["sheet"]
            here = (not sheet or sheet == link.sheet) and link.cell == correction["cell"].strip().upper()
            return bool(here)
        column = column_called(correction["column_name"] or "", contract)
        key = contract.key_of(rows[link.row_id])
        return link.column_name == column and same_key(correction["row_key"] or "", key)

    return [
        (rows[link.row_id], link.column_name, link.as_typed)
        for link in submission.tidied.links
        if is_named(link)
    ]


def _problem(correction: Correction, contract: Contract, is_there: bool, typed: list[str]) -> str | None:
    """Why a correction can't be applied to the newest file, in a sentence."""
    if not is_there:
        return (
            "No file that can be used answers this return, quarter and file name, so nothing was corrected."
        )
    if not typed:
        return "No value stands at this cell, or in this row and column, so nothing was corrected."
    name = column_called(correction["column_name"] or "", contract)
    column = contract.by_name.get(name) if name else None
    if name and _units_hang_on(contract, name):
        return (
            "Other values of the row are read by this one, so it can't be corrected here. Have it sent again."
        )
    if _says(typed[-1], correction, column):
        return None
    if same_value(typed[-1], correction["should_say"], column):
        return (
            "The newest file says already what it should, so nothing was corrected. Set the state to 'fixed'."
        )
    return (
        f"The newest file says '{typed[-1]}' and not '{correction['says']}', so the correction was not applied "
        "to it. Look again, and bring the correction up to date."
    )


def _says(typed: str, correction: Correction, column: Column | None) -> bool:
    """Whether this was typed where the correction expects it; the framework may quote personal data or leave it out."""
    return any(same_value(typed, said, column) for said in (correction["says"], masked(correction["says"])))


def _looked_through(contract: Contract) -> set[str]:
    """The columns that a rule has looked through for personal data."""
    return {str(rule.arguments["column"]) for rule in contract.rules if rule.expectation == NO_PERSONAL_DATA}


def _units_hang_on(contract: Contract, name: str) -> bool:
    return any(column.unit_of == name for column in contract.columns)


def _facts(
    contract: Contract, name: str, row: Mapping[str, Any], references: References
) -> Mapping[str, Any]:
    column = contract.by_name[name]
    if column.unit_of is None:
        return {}
    reference = references.get(contract.by_name[column.unit_of].refers_to or "")
    return reference.facts.get(row[column.unit_of], {}) if reference else {}


def _about(correction: Correction, because: str) -> Finding:
    """A query on the correction's own row in the framework."""
    return Finding(
        rule="correction_applies",
        because=f"Correction '{correction['correction_id']}': {because}",
        consequence=QUERY,
        file_id=correction["file_id"],
        submission_id=correction["submission_id"],
        row_id=correction["row_id"],
        column_name="says",
    )
