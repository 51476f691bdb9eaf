"""The web edition: the pack's pages as one file that opens anywhere, without script and without asking anyone.

The same sheets, sentences and charts as the workbook; each figure leads to its line of Provenance and back.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines import durable
from pipelines.pack import Composed
from pipelines.pack.bars import BarChart, Bars
from pipelines.pack.charts import Chart
from pipelines.pack.floor_target import sheet_name
from pipelines.pack.layout import Cell, Laid, Place
from pipelines.pack.model import Drawing, Heading, LinkList, Pack, Paragraph, Table
from pipelines.pack.words import day
from pipelines.web.bars import draw_bars
from pipelines.web.svg import LARGE, SMALL, course, draw

CONTENTS = "Contents"  # which the page has at its top
MOMENT = "{} {:%H:%M}"
AT_ONCE = 1000  # pieces of the page that are put together
WIDE = 60  # characters, from which on a cell of words asks for room


def write_web(composed: Composed, path: Path) -> Path:
    """Write the web edition; the file appears whole or not at all."""
    pack, every, lines, charts = composed
    laid = [page for page in every if not page.sheet.is_tidy and page.sheet.name != CONTENTS]
    sourced = set(lines.first)
    names = {page.sheet.name for page in laid}
    environment = Environment(
        loader=PackageLoader("pipelines.web", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pieces = environment.get_template("page.html").stream(
        pack=pack,
        as_at=day(pack.as_at),
        scale=list(pack.scale.values()),
        glance=[_card(chart, pack) for chart in charts],
        pages=[_page(one, charts, pack, names, sourced) for one in laid],
        sources=_sources(row for row in lines.rows if row["pack_sheet"] in names),
        style=environment.get_template("page.css").render(scale=list(pack.scale.values())),
    )
    pieces.enable_buffering(AT_ONCE)
    durable.put(b"".join(piece.encode() for piece in pieces), path)
    return path


def _card(chart: Chart, pack: Pack) -> dict[str, Any]:
    return {
        "sheet": sheet_name(chart.parent_id),
        "title": chart.title,
        "unit": chart.unit,
        "rating": pack.scale[chart.rating] if chart.rating else None,
        "rated": chart.rated,
        "basis": chart.basis,
        "reason": chart.reason,
        "svg": draw(chart, SMALL, f"s-{chart.target_id}"),
    }


def _page(laid: Laid, charts: list[Chart], pack: Pack, names: set[str], sourced: set[tuple[str, str]]) -> Any:
    sheet = laid.sheet
    places = iter(laid.places)
    by_id = {chart.target_id: chart for chart in charts}
    cells = {(cell.row, cell.column): cell for cell in laid.cells}
    blocks: list[dict[str, Any]] = []
    for block in sheet.blocks:
        match block:
            case Heading() | Paragraph():
                blocks.append({"kind": type(block).__name__.lower(), "text": block.text})
            case LinkList():
                links = [
                    {"text": link.text, "sheet": link.sheet, "is_here": link.sheet in names}
                    for link in block.links
                ]
                blocks.append({"kind": "links", "links": links})
            case Drawing():
                blocks.append(
                    {"kind": "charts", "charts": [_figure(by_id[each]) for each in block.target_ids]}
                )
            case Bars():
                blocks.append({"kind": "bars", "charts": [_bars(each) for each in block.charts]})
            case Table() if block.rows:
                blocks.append(_table(next(places), laid, cells, by_id, pack, names, sourced))
            case Table():
                blocks.append({"kind": "empty", "title": block.title, "text": block.empty})
    return {
        "name": sheet.name,
        "title": sheet.title,
        "short": sheet.name if sheet.rated is None else sheet.title,
        "rating": pack.scale[sheet.rating.value] if sheet.rating and sheet.rating.value else None,
        "notices": laid.notices,
        "blocks": blocks,
    }


def _figure(chart: Chart) -> dict[str, str]:
    return {
        "title": f"{chart.title}, {chart.unit}",
        "reason": chart.reason,
        "svg": draw(chart, LARGE, f"l-{chart.target_id}"),
    }


def _bars(chart: BarChart) -> dict[str, str]:
    return {"finding": chart.finding, "without": chart.without, "svg": draw_bars(chart, f"b-{chart.name}")}


def _table(
    place: Place,
    laid: Laid,
    cells: dict[tuple[int, int], Cell],
    by_id: dict[str, Chart],
    pack: Pack,
    names: set[str],
    sourced: set[tuple[str, str]],
) -> dict[str, Any]:
    columns = range(1, len(place.table.columns) + 1)
    courses = dict(laid.courses)
    sheet = laid.sheet.name

    def shown(row: int, column: int) -> dict[str, Any]:
        cell = cells[row, column]
        role = cell.content.style.role
        rating = pack.scale[cell.content.style.rating] if cell.content.style.rating else None
        has_source = (sheet, cell.address) in sourced
        leads_to = cell.source_of if (sheet, cell.source_of) in sourced else ""
        # a partner's words stay words; what leads to their source is the mark behind them
        is_words = has_source and not cell.source_of and rating is None
        return {
            "text": cell.content.shown,
            "is_wide": place.table.columns[column - 1].kind == "text" and len(cell.content.shown) > WIDE,
            "is_number": role in ("number", "no number"),
            "rating": rating,
            "id": f"{sheet}-{cell.address}" if has_source else "",
            "source": f"p-{sheet}-{leads_to}" if leads_to else "",
            "mark": f"p-{sheet}-{cell.address}" if is_words else "",
            "course": course(by_id[courses[cell.address]]) if cell.address in courses else "",
            "page": cell.link if cell.link in names else "",
        }

    return {
        "kind": "table",
        "name": place.table.name,
        "title": place.table.title,
        "headings": [
            shown(place.first_row, column)
            | {"is_number": cells[place.first_row, column].content.style.role == "number heading"}
            for column in columns
        ],
        "rows": [
            [shown(row, column) for column in columns]
            for row in range(place.first_row + 1, place.last_row + 1)
        ],
    }


def _sources(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """For each figure, by the cell that shows it, its inputs: one after the other, as there may be very many."""
    for (sheet, cell), found in groupby(rows, key=itemgetter("pack_sheet", "pack_cell")):
        inputs = list(found)
        yield {
            "place": f"{sheet}-{cell}",
            "cell": f"{sheet}!{cell}",
            "figure": inputs[0]["figure"],
            "shown": inputs[0]["shown"],
            "inputs": [one | {"received": _moment(one["received_at"])} for one in inputs],
        }


@cache
def _moment(when: Any) -> str:
    return MOMENT.format(day(when), when) if when else ""
