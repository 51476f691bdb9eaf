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

from pipelines.house_style.sheet_names import sheet_of_target
from pipelines.pack import Composed
from pipelines.pack.bars import BarChart, Bars
from pipelines.pack.charts import Chart
from pipelines.pack.layout import Laid
from pipelines.pack.model import Drawing, Heading, LinkList, Pack, Paragraph, Table
from pipelines.pack.words import day
from pipelines.storage import durable
from pipelines.web.anchors import Places, anchors
from pipelines.web.bars import draw_bars
from pipelines.web.svg import LARGE, SMALL, draw
from pipelines.web.tables import figure_names, table

CONTENTS = "Contents"  # which the page has at its top
OF_TEMPLATE = ("top", "glance", "Provenance")  # places that the template itself has
MOMENT = "{} {:%H:%M}"
AT_ONCE = 1000  # pieces of the page that are put together


def write_web(composed: Composed, path: Path) -> Path:
    """Write the web edition; the file appears whole or not at all."""
    pack, every, lines, charts = composed
    laid = [page for page in every if not page.sheet.is_tidy and page.sheet.name != CONTENTS]
    at = Places(
        anchors((page.sheet.name for page in laid), taken=OF_TEMPLATE),
        anchors(chart.target_id for chart in charts),
        set(lines.first),
    )
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
        glance=[_card(chart, pack, at) for chart in charts],
        pages=[_page(one, charts, pack, at) for one in laid],
        sources=_sources(laid, lines.rows, at),
        style=environment.get_template("page.css").render(scale=list(pack.scale.values())),
    )
    pieces.enable_buffering(AT_ONCE)
    durable.put(b"".join(piece.encode() for piece in pieces), path)
    return path


def _card(chart: Chart, pack: Pack, at: Places) -> dict[str, Any]:
    return {
        "page": at.sheets[sheet_of_target(chart.parent_id)],
        "title": chart.title,
        "unit": chart.unit,
        "rating": pack.scale[chart.rating] if chart.rating else None,
        "rated": chart.rated,
        "basis": chart.basis,
        "reason": chart.reason,
        "svg": draw(chart, SMALL, f"s-{at.measures[chart.target_id]}"),
    }


def _page(laid: Laid, charts: list[Chart], pack: Pack, at: Places) -> Any:
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
                    {"text": link.text, "page": at.sheets[link.sheet]}
                    for link in block.links
                    if link.sheet != CONTENTS
                ]
                blocks.append({"kind": "links", "links": links})
            case Drawing():
                blocks.append(
                    {"kind": "charts", "charts": [_figure(by_id[each], at) for each in block.target_ids]}
                )
            case Bars():
                blocks.append({"kind": "bars", "charts": [_bars(each) for each in block.charts]})
            case Table() if block.rows:
                blocks.append(table(next(places), laid, cells, by_id, pack, at))
            case Table():
                blocks.append({"kind": "empty", "title": block.title, "text": block.empty})
    return {
        "id": at.sheets[sheet.name],
        "title": sheet.title,
        "short": sheet.name if sheet.rated is None else sheet.title,
        "rating": pack.scale[sheet.rating.value] if sheet.rating and sheet.rating.value else None,
        "rests_on": sheet.rests_on,
        "is_unrated": sheet.rating is not None and sheet.rating.value is None,
        "notices": laid.notices,
        "blocks": blocks,
    }


def _figure(chart: Chart, at: Places) -> dict[str, str]:
    return {
        "title": f"{chart.title}, {chart.unit}",
        "reason": chart.reason,
        "svg": draw(chart, LARGE, f"l-{at.measures[chart.target_id]}"),
    }


def _bars(chart: BarChart) -> dict[str, str]:
    return {"finding": chart.finding, "without": chart.without, "svg": draw_bars(chart, f"b-{chart.name}")}


def _sources(laid: list[Laid], rows: Iterable[dict[str, Any]], at: Places) -> Iterator[dict[str, Any]]:
    """Sheet by sheet its figures with their inputs: one after the other, as there may be very many."""
    pages = {page.sheet.name: page for page in laid}
    for name, found in groupby(rows, key=itemgetter("pack_sheet")):
        if name in pages:
            yield {"title": pages[name].sheet.title, "lines": _lines(pages[name], found, at)}


def _lines(page: Laid, rows: Iterable[dict[str, Any]], at: Places) -> Iterator[dict[str, Any]]:
    """For each figure of a sheet, by the cell that shows it: what it is, and its inputs."""
    name = page.sheet.name
    what = figure_names(page)
    for address, found in groupby(rows, key=itemgetter("pack_cell")):
        inputs = list(found)
        how = (
            inputs[0]["method"] if len({one["method"] for one in inputs}) == 1 else ""
        )  # said once where it is one
        yield {
            "place": f"{at.sheets[name]}-{address}",
            "cell": f"{name}!{address}",
            "what": what[address],
            "shown": inputs[0]["shown"],
            "how": how,
            "inputs": [
                one | {"received": _moment(one["received_at"])} | ({"method": ""} if how else {})
                for one in inputs
                if one["file_name"] or not how
            ],
        }


@cache
def _moment(when: Any) -> str:
    return MOMENT.format(day(when), when) if when else ""
