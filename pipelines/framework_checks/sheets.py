"""Sheets that the framework must have, and those that only make sense with all their rows."""

from collections.abc import Iterator
from dataclasses import replace

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
RULE = "sheet_needed"
WHOLE = ("calendar", "rating_scale", "spend_bands")


def needed(framework: Framework) -> Iterator[Finding]:
    """Each needed sheet without a row that counts, unless its rows only refer to a sheet that is missing."""
    missing: set[str] = set()
    for entity in NEEDED:
        if framework.rows(entity):
            continue
        contract = framework.contract(entity)
        missing.add(contract.full_name)
        _, reason = next(framework.refused(entity), ("", None))
        headings = ", ".join(f"'{column.header}'" for column in contract.required)
        if framework.is_blank(entity):
            sentence = f"Nothing is filled in yet. '{contract.title}' takes {contract.grain}, with at least {headings}."
        elif reason is None:
            sentence = (
                f"No sheet of the framework has the headings of '{contract.title}', and no pack can be made "
                f"without it. Add a sheet with at least the headings {headings}."
            )
        else:
            column = contract.by_name.get(reason.column_name or "")
            if column and column.entity in missing:
                continue
            sentence = (
                f"The framework's sheet '{contract.title}' has no row that can be used. {reason.because}"
            )
        yield framework.on_sheet(entity, RULE, sentence)


def whole(framework: Framework) -> Iterator[Finding]:
    """Rows that their contract refused of a sheet in which a missing row changes what the others mean."""
    for entity in WHOLE:
        title = framework.contract(entity).title
        for _, finding in framework.refused(entity):
            if framework.rows(entity):
                sentence = f"Every row of the sheet '{title}' is needed, and this one can't be used."
                yield replace(finding, rule="row_needed", because=f"{sentence} {finding.because}")
