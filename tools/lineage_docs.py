"""The links of tools/lineage.py as a page with a table for each mart, and as a picture of the tables."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import escape

Link = tuple[str, str, str, str]
COLUMNS = ("framework", "staging", "series", "measures", "marts")
HEADINGS = {
    "framework": "framework", "staging": "staging: what came in", "series": "series: known by then",
    "measures": "measures: statistics", "marts": "marts: what we want to know",
}  # fmt: skip
WIDTH, LINE, TOP, GAP = 230, 17, 60, 150
INKS = ("#1d70b8", "#00703c", "#d4351c", "#4c2c92", "#b58840", "#28a197", "#912b88", "#505a5f")


def page(links: Sequence[Link]) -> str:
    """docs/lineage.md: for each column of a mart those that it is made from."""
    lines = [
        "# Which column comes from which",
        "",
        "Made from the SQL itself by `tools/lineage.py` (`make docs`); do not edit. The same links, of staging views,",
        "series and measures too, are rows of `marts.lineage`. Where a figure of one pack came from, cell by cell, is",
        "another question: `lsp trace` and `marts.provenance` answer it.",
        "",
        "![The tables and what each is made from](lineage.svg)",
    ]
    of_marts = [link for link in links if link[0].startswith("marts.")]
    for table, its in groupby(of_marts, key=lambda link: link[0]):
        lines += ["", f"## {table}", "", "| column | comes from |", "|---|---|"]
        for column, sources in groupby(its, key=lambda link: link[1]):
            names = ", ".join(f"`{source}.{name}`" for _, _, source, name in sources)
            lines.append(f"| {column} | {names} |")
    return "\n".join(lines) + "\n"


def picture(links: Sequence[Link]) -> str:
    """docs/lineage.svg: a column of tables for each schema, and a line from each table to those made from it."""
    tables = sorted({name for link in links for name in (link[0], link[2])})
    columns = {schema: [t for t in tables if t.startswith(f"{schema}.")] for schema in COLUMNS}
    place = {
        table: (10 + number * (WIDTH + GAP), TOP + row * LINE)
        for number, of in enumerate(columns.values())
        for row, table in enumerate(of)
    }
    feeds: defaultdict[str, set[str]] = defaultdict(set)
    for table, _, source, _ in links:
        if source in place and table != source:
            feeds[source].add(table)
    height = TOP + LINE * max(map(len, columns.values())) + 10
    width = 20 + len(COLUMNS) * WIDTH + (len(COLUMNS) - 1) * GAP + GAP // 3
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="Arial, sans-serif" font-size="11" role="img" aria-labelledby="t d">',
        '<title id="t">The tables of the database and what each is made from</title>',
        '<desc id="d">Five columns: framework, staging, series, measures, marts. A line leads from each table to '
        "those that are made from it; docs/lineage.md says the same column by column.</desc>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for source, fed in sorted(feeds.items()):
        ink = INKS[sum(map(ord, source)) % len(INKS)]
        parts += [_line(place[source], place[table], ink) for table in sorted(fed)]
    for schema, of in columns.items():
        x = 10 + COLUMNS.index(schema) * (WIDTH + GAP)
        parts.append(
            f'<text x="{x}" y="30" font-size="15" font-weight="bold">{escape(HEADINGS[schema])}</text>'
        )
        for table in of:
            left, y = place[table]
            parts.append(f'<rect x="{left - 3}" y="{y - 11}" width="{WIDTH}" height="15" fill="#f3f2f1"/>')
            parts.append(f'<text x="{left}" y="{y}">{escape(table.split(".")[1])}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _line(start: tuple[int, int], end: tuple[int, int], ink: str) -> str:
    """From the right of one table to the left of another; within a column, round its right side."""
    x1, y1, y2 = start[0] + WIDTH - 3, start[1] - 4, end[1] - 4
    x2 = end[0] - 3 if end[0] > start[0] else end[0] + WIDTH - 3
    bend = (x1 + x2) // 2 if end[0] > start[0] else x1 + GAP // 3
    path = f"M{x1} {y1} C{bend} {y1} {bend} {y2} {x2} {y2}"
    return f'<path d="{path}" fill="none" stroke="{ink}" stroke-opacity="0.45"/>'
