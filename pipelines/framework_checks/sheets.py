"""Sheets that the framework must have, and those that only make sense with all their rows."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from pipelines.contract import Contract
from pipelines.findings import Finding
from pipelines.framework_checks.framework import Framework

# in the order in which they are filled in
NEEDED = (
    "areas",
    "partners",
    "themes",
    "calendar",
    "parent_targets",
    "targets",
    "settings",
    "rating_scale",
    "spend_bands",
)
USED = ("expected_returns",)  # may be left blank; but nobody fills in rows that are not to count
RULE = "sheet_needed"
WHOLE = ("calendar", "rating_scale", "spend_bands")


def needed(framework: Framework) -> Iterator[Finding]:
    """Each needed sheet without a row that counts, with all that is wrong with it.

    What only refers to a sheet that is missing is not told.
    """
    missing: set[str] = set()
    for entity in (*NEEDED, *USED):
        if framework.rows(entity):
            continue
        contract = framework.contract(entity)
        missing.add(contract.full_name)
        headings = ", ".join(f"'{column.header}'" for column in contract.required)
        reasons = [reason for _, reason in framework.refused(entity)]
        if reasons:
            yield from _unusable(contract, reasons, missing)
        elif entity in USED:
            continue
        elif framework.is_blank(entity):
            sentence = f"Nothing is filled in yet. '{contract.title}' takes {contract.grain}, with at least {headings}."
            yield framework.on_sheet(entity, RULE, sentence)
        else:
            sentence = (
                f"No sheet of the framework has the headings of '{contract.title}', and no pack can be made "
                f"without it. Add a sheet with at least the headings {headings}."
            )
            yield framework.on_sheet(entity, RULE, sentence)


def _unusable(contract: Contract, reasons: Iterable[Finding], missing: Collection[str]) -> Iterator[Finding]:
    """Why each row of a sheet was refused, each at its cell; the first says what that comes to."""
    says = f"The framework's sheet '{contract.title}' has no row that can be used. "
    for reason in reasons:
        column = contract.by_name.get(reason.column_name or "")
        if column is None or column.entity not in missing:
            yield replace(reason, rule=RULE, because=says + reason.because)
            says = ""


def whole(framework: Framework) -> Iterator[Finding]:
    """Rows that their contract refused of a sheet in which a missing row changes what the others mean."""
    for entity in WHOLE:
        title = framework.contract(entity).title
        for _, finding in framework.refused(entity):
            if framework.rows(entity):
                sentence = f"Every row of the sheet '{title}' is needed, and this one can't be used."
                yield replace(finding, rule="row_needed", because=f"{sentence} {finding.because}")
