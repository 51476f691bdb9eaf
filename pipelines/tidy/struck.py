"""Values that their sender struck through: read like the others, and asked about, once for each row."""

from pipelines.cells import address
from pipelines.contract import NUMERIC, Contract
from pipelines.tidy.tidied import Run, Tidied
from pipelines.tidy.values import REMARK


def ask_about_struck(tidied: Tidied, contract: Contract, struck: frozenset[tuple[int, int]]) -> None:
    """Add a remark to each row of which a cell has a line through its text.

    Nobody can tell whether the line means that the figure no longer counts, or only that it was dealt with.
    """
    found: dict[int, list[tuple[str, Run, int]]] = {}
    for run in tidied.runs if struck else ():
        for at, number in enumerate(run.numbers):
            if run.place(at) in struck:
                found.setdefault(number, []).append((run.column_name, run, at))
    for number, places in found.items():
        figures = [place for place in places if contract.by_name[place[0]].type in NUMERIC]
        name, run, at = (figures or places)[0]
        cells = sorted({run.place(at) for _, run, at in places})
        others = [address(*place) for place in cells if place != run.place(at)]
        beside = f" (so is what stands in {' and '.join(others)})" if others else ""
        sentence = (
            f"'{run.typed[at]}' is struck through{beside}, but was read like the others. "
            "Delete it if it no longer counts; if it does, take the line off."
        )
        remarks = tidied.columns[name + REMARK]
        remarks[number] = " ".join(filter(None, (remarks[number], sentence)))
