"""Which contract does this table answer to? By its headings, never by the file's name.

A sheet may hold several tables, each starting anywhere, in one of three shapes: a table (a row per record), a
crosstab (periods across) or a form (a label beside each value). Exactly one contract must answer for each: one
that two contracts explain equally well is refused, not settled by the alphabet.
"""

from collections.abc import Iterable

from pipelines.cells import Sheet
from pipelines.contract import Contract
from pipelines.framework.taught import Layout
from pipelines.recognise.form import find_forms
from pipelines.recognise.match import Match
from pipelines.recognise.search import Ambiguous, find_headings
from pipelines.recognise.table import CROSSTAB, FORM, TABLE, Nearest, Recognised, Table
from pipelines.recognise.taught_tables import recognise_taught
from pipelines.recognise.territory import NIL, Territory, divide

__all__ = ["CROSSTAB", "FORM", "NIL", "TABLE", "Nearest", "Recognised", "Table", "recognise", "table_of"]


def recognise(sheet: Sheet, contracts: Iterable[Contract], layouts: Iterable[Layout] = ()) -> Recognised:
    """The tables of a sheet, or one sentence on why it can't be said which they are.

    `layouts` are the taught ones that may be this sheet's; where one of them speaks of it, headings are not
    matched otherwise.
    """
    contracts = list(contracts)
    if taught := recognise_taught(sheet, [layout for layout in layouts if layout.contract in contracts]):
        return taught
    try:
        found = find_headings(sheet, contracts)
        if not found.matches and (forms := find_forms(sheet, contracts)):
            return Recognised(sheet, tuple(forms))
    except Ambiguous as tie:
        names = " and ".join(match.contract.title for match in tie.matches)
        problem = (
            f"These headings answer to {names} equally well. "
            "Keep the headings of the template, so that it is clear which return this is."
        )
        return Recognised(sheet, (), problem, tie.matches[0].band.headings[0].cell.address, is_near=True)
    if not found.matches:
        is_near = found.nearest is not None and len(found.nearest.found) > 1
        return Recognised(sheet, (), _unknown(found.nearest), None, is_near, found.nearest)
    territories = divide(sheet, found.matches)
    pairs = zip(found.matches, territories, strict=True)
    return Recognised(sheet, tuple(table_of(sheet, match, territory) for match, territory in pairs))


def table_of(sheet: Sheet, match: Match, territory: Territory) -> Table:
    """The table under headings that a return answers to."""
    headings = territory.cells.between(territory.head, territory.foot + 1)
    places = set(zip(headings.rows, headings.columns, strict=True))
    return Table(
        contract=match.contract,
        sheet=sheet,
        top_row=territory.top,
        header_row=territory.foot,
        end_row=territory.end,
        columns=match.columns,
        unknown=match.unknown,
        missing=match.missing,
        shape=CROSSTAB if match.across else TABLE,
        header_top=territory.head,
        span=(territory.left, territory.right),
        cells=territory.cells,
        header_cells=frozenset(places),
        across=match.across,
        totals=match.totals,
        units=match.units,
        slips=match.slips,
        years=match.years,
        ours=match.ours,
    )


def _unknown(nearest: Nearest | None) -> str | None:
    """The sentence for a sheet on which headings were found, but not enough of any one return."""
    if nearest is None:
        return None
    missing = ", ".join(f"'{column.header}'" for column in nearest.missing[:5])
    return (
        f"No return was recognised here. Row {nearest.row + 1} comes nearest to {nearest.contract.title}, "
        f"but has only {len(nearest.found)} of its headings; {missing} would be needed."
    )
