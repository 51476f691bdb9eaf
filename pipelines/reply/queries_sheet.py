"""The first sheet of a reply: Queries where there is something to ask, Receipt where there is nothing to do."""

from collections.abc import Iterator, Mapping, Sequence

from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.pack.words import day
from pipelines.reply.looks import Page, TableColumn
from pipelines.reply.model import WORDS, Figures, Near, Query, Reply
from pipelines.reply.wording import EXPLAIN, INFORMATION, MUST_FIX, listed_cells

IN_THE_PACK = "In the pack"
ANSWER = "Your answer"
WHOLE_FILE = "(whole file)"
QUERY_COLUMNS = [
    TableColumn("No.", 6, "number"),
    TableColumn("Severity", 15, "severity"),
    TableColumn("Sheet", 15),
    TableColumn("Cell", 16, "link"),
    TableColumn("What you sent", 18),
    TableColumn("What we expected", 38),
    TableColumn("How to fix it", 30),
    TableColumn(ANSWER, 30, "answer"),
    TableColumn("Status", 16),
]
PACK_COLUMNS = [
    TableColumn("What it is about", 34),
    TableColumn("Figure", 24),
    TableColumn("Period", 18),
    TableColumn("What you sent", 18),
    TableColumn("How it appears", 16),
    TableColumn("Rating there", 14),
    TableColumn("Where in the pack", 22),
    TableColumn("Where you sent it", 22),
]
NEAR_COLUMNS = [
    TableColumn("Cell of your sheet", 14),
    TableColumn("Your heading", 40),
    TableColumn("Heading of the return", 40),
    TableColumn("What to do", 44),
]
TOLD_COLUMNS = [
    TableColumn("No.", 6, "number"),
    TableColumn("Sheet", 20),
    TableColumn("Cell", 14),
    TableColumn("What you sent", 22),
    TableColumn("What we found", 50),
    TableColumn("What became of it", 50),
]
TABLES = {0: "This worksheet contains no tables.", 1: "This worksheet contains 1 table."}
Places = Mapping[
    tuple[int, int, str], tuple[str, str]
]  # (return, row, column) → (sheet, cell) of this workbook


def add_first_sheet(workbook: Workbook, reply: Reply, places: Places) -> Worksheet:
    """The sheet Queries, or Receipt for a file with which there is nothing left to do."""
    page = Page(workbook, reply.first_sheet)
    page.title(_title(reply))
    tables = bool(reply.queries) + len(reply.near) + (reply.is_clean and bool(reply.appearances))
    page.line(TABLES.get(tables, f"This worksheet contains {tables} tables, one below the other."))
    for text in _opening(reply):
        page.paragraph(text, QUERY_COLUMNS)
    if reply.is_clean:
        _pack_table(page, reply)
        if reply.queries:
            _told_table(page, reply)
    else:
        _query_table(page, reply, places)
    for number, near in enumerate(reply.near, 1):
        _near_table(page, near, number)
    return page.finish()


def add_pack_sheet(workbook: Workbook, reply: Reply) -> None:
    """How the figures that were taken appear in the pack, after the partner's own sheets."""
    page = Page(workbook, IN_THE_PACK)
    page.title(f"How your figures appear in the pack for {reply.quarter_label}")
    page.line(TABLES[bool(reply.appearances)])
    page.line("For information. Nothing on this sheet is read when the workbook comes back.")
    _pack_table(page, reply)
    page.finish()


def _title(reply: Reply) -> str:
    what = "Receipt for" if reply.is_clean else "Queries on"
    of = f"{reply.partner_name}, {reply.quarter_label}" if reply.quarter_label else reply.partner_name
    return f"{what} your return: {of}"


def _opening(reply: Reply) -> Iterator[str]:
    receipt = reply.receipt
    came = "checked only, and not counted" if reply.is_check else f"received on {day(receipt.first_seen)}"
    yield f"Your file: {receipt.original_name}, {came}. It was not changed."
    yield from reply.standing
    if reply.is_clean:
        yield "Thank you: there is nothing you need to do."
        if reply.is_check:
            yield "This was a check. To send the return, send your file, or this workbook, in the usual way."
        return
    yield f"In short: {reply.in_words}."
    yield "What to do:"
    yield from _steps(reply)
    if reply.rest:
        counted = [
            f"{reply.rest[severity]} {text}" for severity, text in WORDS.items() if severity in reply.rest
        ]
        total = sum(reply.rest.values())
        yield (
            f"Listed are the first {len(reply.queries)}. {total} more ({', '.join(counted)}) are not; "
            "what is left of them comes with the next reply."
        )


def _steps(reply: Reply) -> Iterator[str]:
    """What to do, by what is asked: an answer closes what should be explained, and never what must be fixed."""
    asked = {query.severity for query in reply.queries if query.is_open}
    write_why = f"write beside the query, under '{ANSWER}', why it is right"
    if not reply.figures:
        yield "1. Mend your own file as told below."
        if EXPLAIN in asked:
            yield f"2. Send it again. Or, where it says '{EXPLAIN}', {write_why}, and send this workbook back."
        else:
            yield "2. Send it again. There is nothing to fill in here."
        return
    yield "1. Click the cell of a query. It leads to your figure in this workbook, marked in orange."
    if MUST_FIX not in asked:
        yield f"2. Correct the figure there, or {write_why}."
    elif EXPLAIN not in asked:
        yield "2. Correct the figure there. Until then it does not count, whatever lies behind it."
    else:
        yield f"2. '{MUST_FIX}': correct the figure there. '{EXPLAIN}': correct it, or {write_why}."
    yield "3. Save this workbook under any name and send it back. It is then your new return."


def _query_table(page: Page, reply: Reply, places: Places) -> None:
    place_of = _first_places(reply.figures, places)
    page.heading("What we ask")
    first = page.row + 1
    rows = []
    for query in reply.queries:
        here = [place_of[key] for f in query.findings if (key := (f.row_id, f.column_name)) in place_of]
        target = here[0] if here else None
        rows.append(
            [
                query.number,
                query.severity,
                _sheet_here(query, here),
                (_cells_here(query, here), target),
                query.sent,
                query.expected,
                query.fix,
                query.answer if query.severity == EXPLAIN else None,
                query.status,
            ]
        )
    page.table("Queries_asked", QUERY_COLUMNS, rows)
    column = page.letter(QUERY_COLUMNS, ANSWER)
    to_answer = [n for n, query in enumerate(reply.queries, first + 1) if query.severity == EXPLAIN]
    if to_answer:
        page.sheet.add_data_validation(_answer_of_some_length([f"{column}{row}" for row in to_answer]))


def _answer_of_some_length(cells: Sequence[str]) -> DataValidation:
    """The word of help at each cell for an answer, and the limit of what is written there."""
    validation = DataValidation(
        type="textLength", operator="lessThanOrEqual", formula1="1000", allow_blank=True
    )
    validation.promptTitle = ANSWER
    validation.prompt = "Say why the figure is right. Leave blank if you have corrected it on its own sheet."
    validation.errorTitle, validation.error = ANSWER, "Please use at most 1,000 characters."
    validation.showInputMessage = validation.showErrorMessage = True
    for cell in cells:
        validation.add(cell)
    return validation


def _sheet_here(query: Query, here: Sequence[tuple[str, str]]) -> str:
    """The sheet of this workbook, and that of the file as it was sent where it is called otherwise."""
    sheet = here[0][0] if here else query.sheet or WHOLE_FILE
    return f"{sheet} (your file: {query.sheet})" if query.sheet and query.sheet != sheet else sheet


def _cells_here(query: Query, here: Sequence[tuple[str, str]]) -> str:
    """The cells of this workbook, and those of the file as it was sent where they are others."""
    cells = listed_cells(cell for _, cell in here)
    if not cells or not query.cells or cells == query.cells:
        return cells or query.cells
    return f"{cells} (your file: {query.cells})"


def _first_places(
    figures: Sequence[Figures], places: Places
) -> dict[tuple[str | None, str | None], tuple[str, str]]:
    """(row_id, column) → its place in this workbook."""
    return {(figures[number].row_ids[row], column): place for (number, row, column), place in places.items()}


def _told_table(page: Page, reply: Reply) -> None:
    """What was settled since we asked, and what its sender should only know of."""
    page.heading("For information")
    rows = [[q.number, q.sheet or WHOLE_FILE, q.cells, q.sent, q.expected, q.status] for q in reply.queries]
    page.table("For_information", TOLD_COLUMNS, rows)


def _near_table(page: Page, near: Near, number: int) -> None:
    page.heading(
        f"Sheet '{near.sheet}': your headings, and those of the return that comes nearest ({near.title})"
    )
    rows = [[cell, yours, ours, _advice(yours, ours)] for cell, yours, ours in near.lines]
    page.table(f"Nearest_{number}", NEAR_COLUMNS, rows)


def _advice(yours: str, ours: str) -> str:
    if not ours:
        return "No column of this return. Rename it, or leave it out."
    return "Fits." if yours else "Missing. Add this column."


def _pack_table(page: Page, reply: Reply) -> None:
    """The figures that the pack shows as they were sent; above them, so that they are seen, those it does not."""
    if reply.also_counted:
        page.heading("Also counted, and not shown by itself")
        for text in reply.also_counted:
            page.paragraph(text, PACK_COLUMNS)
    if not reply.appearances:
        return
    page.heading("Your figures in the pack")
    rows = [
        [a.what, a.figure, a.period, a.typed, a.shown, a.rating, a.where, a.typed_in]
        for a in reply.appearances
    ]
    page.table("Figures_in_the_pack", PACK_COLUMNS, rows)


def query_lines(queries: Sequence[Query]) -> Iterator[tuple[int, str, str]]:
    """Number, finding_id and what stood in the cell, for each finding of each query: what an answer closes."""
    for query in queries:
        for finding in query.findings if query.severity != INFORMATION else ():
            yield query.number, finding.finding_id or "", finding.as_typed or ""
