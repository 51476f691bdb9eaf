"""Names that sheets of the pack are called by: that Excel allows each, and that no two are the same."""

from collections.abc import Iterator

from pipelines.findings import Finding
from pipelines.framework_checks.framework import Framework
from pipelines.house_style.sheet_names import (
    LONGEST,
    NOT_ALLOWED,
    OURS,
    TARGET,
    is_allowed,
    sheet_of_target,
    table_name,
)


def of_targets(framework: Framework) -> Iterator[Finding]:
    """Refs of floor targets that can't name a sheet, or that name the same one as another does."""
    known: dict[str, str] = {}
    for row in framework.rows("parent_targets"):
        parent_id = row["parent_id"]
        name = sheet_of_target(parent_id)
        # its tables are named after it, and a table's name has letters, digits and underscores alone
        before = known.setdefault(table_name(name).casefold(), parent_id)
        if not is_allowed(name):
            sentence = f"A sheet of the pack is called '{name}' after this ref. {NOT_ALLOWED}"
        elif len(name) > LONGEST:
            most = LONGEST - len(TARGET)
            sentence = (
                f"A sheet of the pack is called after this ref, of which {len(parent_id)} characters are too many: "
                f"it may have {most}."
            )
        elif before != parent_id:
            sentence = (
                f"'{before}' and '{parent_id}' differ only in capitals or signs: "
                "Excel takes their sheets for one."
            )
        else:
            continue
        yield framework.at(
            row,
            "parent_id",
            "ref_names_sheet",
            f"{sentence} Give the target another ref, here and wherever else it stands.",
        )


def of_fund(framework: Framework) -> Iterator[Finding]:
    """A fund whose short name, or ref where it has none, can't name the sheet of the pack that it is to name."""
    funds = framework.rows("funds")
    if len(funds) != 1:
        return  # several share a sheet that is called Funds
    (row,) = funds
    column = "fund_id" if row["short_name"] is None else "short_name"
    name = row[column]
    if because := _why_not(name, framework):
        yield framework.at(row, column, "fund_names_sheet", f"{because} {_how(column, framework)}")


def _why_not(name: str, framework: Framework) -> str:
    """Why a fund's sheet can't have a name; nothing where it can."""
    own = {sheet.casefold() for sheet in OURS}
    targets = {sheet_of_target(row["parent_id"]).casefold() for row in framework.rows("parent_targets")}
    called = f"The fund's sheet of the pack is called '{name}'"
    if not is_allowed(name):
        return f"{called}. {NOT_ALLOWED}"
    if len(name) > LONGEST:
        return f"{called}, which is {len(name)} characters, and {LONGEST} are the most."
    if name.casefold() in own | targets:
        return f"{called}, and the pack has another sheet of that name."
    return ""


def _how(column: str, framework: Framework) -> str:
    header = framework.header("funds", "short_name")
    return f"Type another {header}." if column == "short_name" else f"Fill in {header} with another name."
