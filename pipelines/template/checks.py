"""What a cell accepts and says: drop-down lists, types, bounds and messages, all from the contract.

Pasting goes round all of it, so nothing here spares the reader of the returned file anything.
"""

from typing import Any

from openpyxl.worksheet.datavalidation import DataValidation

from pipelines.contract import Column, Contract
from pipelines.template.values import FIGURES, as_example

LONGEST_MESSAGE, LONGEST_TITLE = 255, 32  # characters, Excel's limits
UNITS = {"GBP": "In pounds."}
BETWEEN = "expect_column_values_to_be_between"
NO_FIGURE = "n/a"


def message(column: Column, contract: Contract, unit: str | None = None, example: str = "") -> str:
    """What is shown when somebody comes to the cell: what goes in, in which unit, an example.

    `example` is one of the framework's own; without it, the contract's, where the framework names nothing there.
    """
    unit = unit or column.unit
    parts = [column.help]
    if unit and unit not in column.header:
        parts.append(UNITS.get(unit, f"Unit: {unit}."))
    if column.required and "Required" not in column.help:
        parts.append("Required.")
    if (example := example or as_example(column, contract)) and "example" not in column.help:
        parts.append(f"For example: {example}.")
    while len(" ".join(parts)) > LONGEST_MESSAGE and len(parts) > 1:
        parts.pop()
    text = " ".join(parts)
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"


def choice(title: str, choices: str, prompt: str) -> DataValidation:
    """A cell in which one of the values of a range must be chosen."""
    check = DataValidation("list", formula1=choices, allow_blank=True, showInputMessage=True)
    check.promptTitle, check.prompt = title[:LONGEST_TITLE], prompt[:LONGEST_MESSAGE]
    _error(check, "Not in the list", f"Choose one from the list for '{title}'.")
    return check


def validation(
    column: Column,
    contract: Contract,
    cell: str,
    *,
    unit: str | None = None,
    choices: str | None = None,
    is_only_expected: bool = False,
    example: str = "",
) -> DataValidation:
    """The check on a run of cells of one column, of which `cell` is the first.

    `choices` is the range of the list to choose from; `is_only_expected` that other values than the list's are only
    unlikely, so that one may go on after a warning. `example` is one of the framework's own.
    """
    check = DataValidation(allow_blank=True, showInputMessage=True, showErrorMessage=False)
    check.promptTitle = column.header[:LONGEST_TITLE]
    check.prompt = message(column, contract, unit, example)
    if choices:
        check.type, check.formula1 = "list", choices
        _error(check, "Not in the list", f"Choose one from the list for '{column.header}'.")
        if is_only_expected:
            check.errorStyle = "warning"
            _error(
                check,
                "Not what was expected",
                f"Another value was expected in '{column.header}'; the list has it. Go on if yours is right.",
            )
    elif column.type in FIGURES:
        check.type, check.formula1 = "custom", _figure(column, contract, cell)
        _error(check, "Not a figure", _why_no_figure(column, contract))
    elif column.type == "date":
        check.type, check.operator = "date", "between"
        check.formula1, check.formula2 = "1", "73050"  # 1 January 1900 and 31 December of the century after
        _error(check, "Not a date", f"Type a date in '{column.header}', as in 30/6/2004 or 30 Jun 2004.")
    return check


def _error(check: DataValidation, title: str, sentence: str) -> None:
    check.showErrorMessage, check.errorTitle, check.error = True, title, sentence[:LONGEST_MESSAGE]


def _figure(column: Column, contract: Contract, cell: str) -> str:
    parts = [f"ISNUMBER({cell})"]
    parts += [f"{cell}=INT({cell})"] if column.type == "count" else []
    for bounds in _bounds(column, contract):
        for name, sign in (("min_value", ">="), ("max_value", "<=")):
            if isinstance(bounds.get(name), int | float):
                parts.append(f"{cell}{sign}{bounds[name]:g}")
    right = f"AND({','.join(parts)})" if len(parts) > 1 else parts[0]
    # an n/a is an answer, and the help of the contract asks for it
    return f'IF(ISNUMBER({cell}),{right},LOWER(TRIM({cell}))="{NO_FIGURE}")'


def _bounds(column: Column, contract: Contract) -> list[Any]:
    return [
        rule.arguments
        for rule in contract.rules
        if rule.expectation == BETWEEN and rule.arguments.get("column") == column.name
        if rule.on_failure == "refuse" and not rule.trial
    ]


def _why_no_figure(column: Column, contract: Contract) -> str:
    what = "a whole number" if column.type == "count" else "a number"
    limits = [
        f"{words} {bounds[name]:g}"
        for bounds in _bounds(column, contract)
        for name, words in (("min_value", "not below"), ("max_value", "not above"))
        if isinstance(bounds.get(name), int | float)
    ]
    bound = f", {' and '.join(limits)}" if limits else ""
    return (
        f"'{column.header}' needs {what}{bound}. Leave out words and units and type the figure alone. "
        f"If there is none, type {NO_FIGURE}."
    )
