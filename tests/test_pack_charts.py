"""The workbook's own charts: each draws the cells of Data_Charts that are its measure's, and says so in words."""

import math
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from openpyxl.chart import BarChart as Native
from openpyxl.utils import range_boundaries
from openpyxl.utils.datetime import from_excel, to_excel
from pack_marts import QUARTER, marts_of, sample

from pipelines.pack import Composed, compose, write_pack
from pipelines.pack.bars import MOST_BARS, BarChart, bar_charts
from pipelines.pack.chart_parts import round_ends
from pipelines.pack.chart_places import CHART_ROWS, EMPTY_ROW
from pipelines.pack.chart_scales import label_place, ticks
from pipelines.pack.charts import Chart, Point
from pipelines.pack.native_bars import scale_bars
from pipelines.pack.pages import page_ends

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture(scope="module")
def composed() -> Composed:
    return compose(marts_of(sample()), QUARTER)


@pytest.fixture(scope="module")
def packed(composed: Composed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(composed, tmp_path_factory.mktemp("pack") / "pack.xlsx").path


def with_a_value(composed: Composed) -> list[Chart]:
    return [chart for chart in composed.charts if any(point.value is not None for point in chart.points)]


def drawn(packed: Path) -> list[ElementTree.Element]:
    """The XML of each measure's chart, in the order of the file."""
    return [xml for xml in every(packed) if next(xml.iter(f"{CHART}scatterChart"), None) is not None]


def every(packed: Path) -> list[ElementTree.Element]:
    """Each chart's own XML, bars too, in the order of the file."""
    with zipfile.ZipFile(packed) as parts:
        names = sorted(
            (name for name in parts.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)),
            key=lambda name: int(re.findall(r"\d+", name)[0]),
        )
        return [ElementTree.fromstring(parts.read(name)) for name in names]


def values(book: openpyxl.Workbook, reference: str) -> list[Any]:
    sheet, _, cells = reference.replace("$", "").replace("'", "").partition("!")
    left, top, right, bottom = range_boundaries(cells)
    assert left == right
    return [book[sheet].cell(row, left).value for row in range(top, bottom + 1)]


def bars_of(composed: Composed) -> list[BarChart]:
    """What bars are drawn, in the order of the sheets."""
    places = [place for laid in composed.laid for place in laid.charts]
    return [place.of for place in places if isinstance(place.of, BarChart)]


def test_every_measure_with_a_value_has_its_chart(composed: Composed, packed: Path) -> None:
    with_values = with_a_value(composed)
    assert with_values
    assert len(drawn(packed)) == len(with_values)


def test_a_chart_draws_the_values_of_its_measure_at_their_days(composed: Composed, packed: Path) -> None:
    book = openpyxl.load_workbook(packed)
    for chart, xml in zip(with_a_value(composed), drawn(packed), strict=True):
        lines = {series.findtext(f"{CHART}tx/{CHART}v"): series for series in xml.iter(f"{CHART}ser")}
        # a series that was counted anew has a line of nothing before it, so that nothing joins the two
        places: list[Point | None] = [
            one for point in chart.points for one in ((None, point) if point.is_anew else (point,))
        ]
        ends = [*places, *([chart.target] if chart.target else [])]
        for line in lines.values():
            days = values(book, line.findtext(f"{CHART}xVal//{CHART}f") or "")
            assert len(days) == len(ends)
            assert all(
                day.date() == point.on for day, point in zip(days, ends, strict=True) if point is not None
            )
            assert sorted(days) == days
        shown = values(book, lines["Value"].findtext(f"{CHART}yVal//{CHART}f") or "")
        assert shown == [*(p and p.value for p in places), *([None] if chart.target else [])]
        if chart.target:
            aim = values(book, lines["Target"].findtext(f"{CHART}yVal//{CHART}f") or "")
            assert aim == [*[None] * len(places), chart.target.value]
        if any(point.needed is not None for point in chart.points):
            needed = values(book, lines["Needed"].findtext(f"{CHART}yVal//{CHART}f") or "")
            assert needed[: len(places)] == [point and point.needed for point in places]


def test_a_series_that_was_counted_anew_is_in_the_tests(composed: Composed) -> None:
    assert any(point.is_anew for chart in composed.charts for point in chart.points)


def test_a_gap_stays_a_gap_and_no_line_is_bent(packed: Path) -> None:
    for xml in drawn(packed):
        assert [gap.get("val") for gap in xml.iter(f"{CHART}dispBlanksAs")] == ["gap"]
        bent = [smooth.get("val") for smooth in xml.iter(f"{CHART}smooth")]
        assert bent
        assert set(bent) == {"0"}
        assert [axis.get("val") for axis in xml.iter(f"{CHART}delete")] == ["0", "0"]


def test_a_chart_says_its_finding_and_what_it_draws_in_words(composed: Composed, packed: Path) -> None:
    with zipfile.ZipFile(packed) as parts:
        names = sorted(
            name for name in parts.namelist() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)
        )
        told = [
            frame.get("descr")
            for name in names
            for frame in ElementTree.fromstring(parts.read(name)).iter(f"{DRAWING}cNvPr")
        ]
    of_measures = [f"{chart.finding} {chart.description}" for chart in with_a_value(composed)]
    of_bars = [f"{chart.finding}. {chart.description}" for chart in bars_of(composed)]
    assert told == [*of_measures, *of_bars]


def test_no_chart_lies_on_a_table_or_on_words(composed: Composed) -> None:
    for laid in composed.laid:
        in_table = {row for place in laid.places for row in range(place.first_row, place.last_row + 1)}
        ends = [sum(laid.widths[:column]) for column in range(len(laid.widths) + 1)]
        for chart in laid.charts:
            assert 0 <= chart.begins < chart.ends <= len(laid.widths)
            begins = ends[int(chart.begins)] + chart.begins % 1 * laid.widths[int(chart.begins)]
            for cell in laid.cells:
                if chart.row <= cell.row <= chart.last_row:
                    # a cell of a table ends with its column, a line above or below one where its words end
                    is_wrapped = cell.row in in_table
                    reach = ends[cell.column] if is_wrapped else len(cell.content.shown) * 1.25
                    assert reach < begins, (laid.sheet.name, cell.address)
            stops = set(page_ends(laid))
            assert stops.isdisjoint(range(chart.row, chart.last_row)), "no page ends in a chart"


def test_one_chart_stands_beside_what_manager_and_partner_say_and_is_as_high_as_others(
    composed: Composed,
) -> None:
    laid = next(laid for laid in composed.laid if laid.sheet.name == "FT_H4")
    (chart,) = laid.charts
    told = [laid.place_of(f"FT_H4_{name}") for name in ("commentary", "partner")]
    assert [chart.row <= place.title_row for place in told] == [True, True]
    height = sum(laid.heights.get(row, EMPTY_ROW) for row in range(chart.row, chart.last_row + 1))
    assert CHART_ROWS * EMPTY_ROW <= height < CHART_ROWS * EMPTY_ROW + 60
    assert chart.ends == len(laid.widths)
    assert laid.place_of("FT_H4_a_progress").title_row > max(chart.last_row, told[-1].last_row)


def test_the_targets_value_stands_beside_its_mark(composed: Composed, packed: Path) -> None:
    with_a_target = [chart for chart in with_a_value(composed) if chart.target]
    labelled = 0
    for xml in drawn(packed):
        for line in xml.iter(f"{CHART}ser"):
            name = line.find(f"{CHART}tx")
            labels = line.find(f"{CHART}dLbls")
            is_target = name is not None and "Target" in "".join(name.itertext())
            assert (labels is not None) == is_target
            if labels is not None:
                shown = labels.find(f"{CHART}showVal")
                assert shown is not None and shown.get("val") == "1"
                labelled += 1
    assert labelled == len(with_a_target) > 0


@pytest.mark.parametrize(
    ("values", "aim", "place"),
    [
        ([36.0, 33.4, 30.9, 27.2], 30.0, "t"),  # the line runs on below it
        ([20.0, 33.4, 30.9, 27.2], 25.2, "b"),  # its day is that of the last value, which is just above it
        ([36.0, 33.4, 30.9, 27.2], 25.2, "l"),  # and below it is the foot
        ([10.0, 12.0, 14.0, 16.0], 17.0, "t"),
    ],
)
def test_the_targets_value_does_not_lie_on_the_last_value(
    composed: Composed, values: list[float], aim: float, place: str
) -> None:
    """A target that fell due in the period of the latest value: its mark stands close to that of the value."""
    years = range(2001, 2005)
    points = tuple(
        Point(date(year, 3, 31), str(year), value) for year, value in zip(years, values, strict=True)
    )
    target = Point(date(2004, 3, 31), "2004", aim)
    chart = replace(composed.charts[0], points=points, target=target, places=1)
    assert label_place(chart) == place


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_an_axis_ends_in_round_numbers_around_its_values(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assume(high == low or high - low > 1e-3)
    bottom, top, step = round_ends(low, high)
    assert bottom <= low <= high <= top or math.isclose(bottom, low, abs_tol=1e-6)
    assert step > 0
    assert (top - bottom) / step <= 9
    assert bottom >= 0 or low < 0


@pytest.mark.parametrize("month", [(12, 31), (3, 31), (8, 31), (2, 28), (2, 29)])
@pytest.mark.parametrize("years", [2, 7, 13, 31])
def test_a_label_names_the_month_in_which_periods_end_and_no_year_twice(
    month: tuple[int, int], years: int
) -> None:
    latest = date(2004, *month)
    days = [
        date(2004 - years, month[0], min(month[1], 28) if month[0] == 2 else month[1]),
        latest,
        date(2006, *month[:1], 28),
    ]
    begins, ends, step = ticks(days, latest)
    labels = [from_excel(begins + step * n) for n in range(int((ends - begins) // step) + 1)]
    assert {label.month for label in labels} == {month[0]}
    assert latest.year in {label.year for label in labels}
    assert len({label.year for label in labels}) == len(labels) <= 8
    assert begins <= to_excel(min(days)) and to_excel(max(days)) < ends  # no point lies outside


def test_a_measure_of_which_no_value_is_known_leaves_the_pack_whole(tmp_path: Path) -> None:
    tables = sample()
    for row in tables["target_history"]["rows"]:
        row |= dict.fromkeys(("value", "lower", "upper", "trajectory_value", "comparator_value"))
    for row in tables["floor_targets"]["rows"]:
        row |= {"target_value": None}
    assert drawn(write_pack(compose(marts_of(tables), QUARTER), tmp_path / "pack.xlsx").path) == []


# Small columns


def small_columns(packed: Path) -> dict[str, tuple[str, float, float]]:
    """Of each cell of Summary with small columns the cells that they draw, and the ends of their scale."""
    with zipfile.ZipFile(packed) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet3.xml"))
    found = {}
    for group in sheet.iter(f"{X14}sparklineGroup"):
        assert (group.get("displayEmptyCellsAs"), group.get("last"), group.get("type")) == (
            "gap",
            "1",
            "column",
        )
        assert (group.get("minAxisType"), group.get("maxAxisType")) == ("custom", "custom")
        (one,) = group.iter(f"{X14}sparkline")
        ends = float(str(group.get("manualMin"))), float(str(group.get("manualMax")))
        found[str(one.findtext(f"{XM}sqref"))] = (str(one.findtext(f"{XM}f")), *ends)
    return found


def test_small_columns_draw_the_values_of_their_own_measure_and_end_at_the_latest(
    composed: Composed, packed: Path
) -> None:
    book = openpyxl.load_workbook(packed)
    summary, columns = book["Summary"], small_columns(packed)
    known = {chart.target_id: chart.points for chart in composed.charts}
    (place,) = next(laid for laid in composed.laid if laid.sheet.name == "Summary").places
    headings = [cell.value for cell in summary[place.first_row]]
    seen = 0
    for number, row in enumerate(place.table.rows, place.first_row + 1):
        points = known[row["target_id"]]
        cell = summary.cell(number, headings.index("Course so far") + 1)
        assert cell.value is None
        if not points:
            assert cell.coordinate not in columns
            continue
        at, low, high = columns[cell.coordinate]
        drawn = values(book, at)
        assert all(low < value < high for value in drawn if value is not None), "the lowest too has a column"
        assert [value for value in drawn if value is not None] == [
            p.value for p in points if p.value is not None
        ]
        assert len(drawn) == len(points) + sum(point.is_anew for point in points), "a break leaves its gap"
        latest = summary.cell(number, headings.index("Latest value") + 1).value
        assert drawn[-1] == (latest if isinstance(latest, float | int) else None)
        seen += 1
    assert seen == len(columns) > 1


# Bars of money


def bars(packed: Path) -> list[ElementTree.Element]:
    return [xml for xml in every(packed) if next(xml.iter(f"{CHART}barChart"), None) is not None]


def test_bars_are_drawn_over_the_cells_of_the_funds_tables(composed: Composed, packed: Path) -> None:
    book = openpyxl.load_workbook(packed)
    charts = bars_of(composed)
    assert [chart.table for chart in charts] == ["Fund_totals", "Fund_themes", "Fund_projects"]
    assert len(bars(packed)) == len(charts)
    for chart, xml in zip(charts, bars(packed), strict=True):
        series = {one.findtext(f"{CHART}tx/{CHART}v"): one for one in xml.iter(f"{CHART}ser")}
        assert list(series) == ["Allocation", "Actual to date", "Profile to date"], "the last lies on top"
        for name, amounts in (
            ("Allocation", [bar.allocation for bar in chart.bars]),
            ("Actual to date", [bar.actual for bar in chart.bars]),
            ("Profile to date", [bar.profile for bar in chart.bars]),
        ):
            found = values(book, series[name].findtext(f"{CHART}val//{CHART}f") or "")
            assert found == ["[x]" if amount is None else amount for amount in amounts]
            labels = values(book, series[name].findtext(f"{CHART}cat//{CHART}f") or "")
            assert labels == [bar.label for bar in chart.bars]


def test_a_row_without_a_figure_is_named_and_not_a_bar_of_nothing(composed: Composed) -> None:
    chart = next(chart for chart in bars_of(composed) if chart.table == "Fund_projects")
    missing = [bar.label for bar in chart.bars if bar.actual is None]
    assert missing == ["NRF03 Alley gates"]
    assert chart.without == "No figure of what was spent: NRF03 Alley gates."
    assert "NRF03 Alley gates: [x] spent, £80,000 planned by now, £240,000 allotted" in chart.description


def money(*variances: float | None) -> list[dict[str, Any]]:
    return [
        {
            "name": f"P{number}",
            "allocation": 100.0 * number,
            "profile_to_date": 50.0,
            "actual_to_date": 40.0,
            "variance_pct": variance,
        }
        for number, variance in enumerate(variances, 1)
    ]


@pytest.mark.parametrize(
    ("variances", "finding"),
    [
        ((-3.94,), "All: 3.9% under profile"),
        ((2.0, -7.04, 5.0), "All: furthest from profile is P2, 7.0% under"),
        ((None, 2.0), "All: furthest from profile is P2, 2.0% over"),
        ((0.0, -0.04), "All: as planned by now"),
        ((None,), "All: how far from profile can't be said"),
    ],
)
def test_bars_say_which_row_is_furthest_from_its_profile(
    variances: tuple[float | None, ...], finding: str
) -> None:
    (chart,) = bar_charts("T", "All", money(*variances), "name", "allocation")
    assert chart.finding == finding


@pytest.mark.parametrize("spent", [(-5000.0, -1.0), (-5000.0, 7000.0), (0.0, 0.0), (1.0, 2.0)])
def test_the_scale_of_bars_has_all_amounts_and_nought_in_it(spent: tuple[float, ...]) -> None:
    rows = [one | {"allocation": None, "profile_to_date": None, "actual_to_date": amount}
            for one, amount in zip(money(*spent), spent, strict=True)]  # fmt: skip
    (chart,) = bar_charts("T", "All", rows, "name", "allocation")
    drawn = Native()
    scale_bars(drawn, chart)
    scale = drawn.y_axis.scaling
    assert scale.min <= min(0.0, *spent) <= max(0.0, *spent) <= scale.max and scale.min < scale.max


@given(st.integers(1, 200))
def test_many_bars_are_parted_over_charts_of_one_scale_and_none_is_lost(count: int) -> None:
    charts = bar_charts("T", "All", money(*[1.0] * count), "name", "allocation")
    assert [bar.label for chart in charts for bar in chart.bars] == [f"P{n}" for n in range(1, count + 1)]
    assert [chart.first for chart in charts] == [
        sum(len(one.bars) for one in charts[:n]) for n in range(len(charts))
    ]
    sizes = {len(chart.bars) for chart in charts}
    assert max(sizes) <= MOST_BARS and max(sizes) - min(sizes) <= 1
    assert {chart.end for chart in charts} == {100.0 * count}
    # a title says of what it is true, and not which of how many charts it is of
    assert all(
        (" among these " in chart.finding) == (count > MOST_BARS) for chart in charts if len(chart.bars) > 1
    )
    assert not any(re.search(r"\(\d", chart.finding) for chart in charts)


def test_without_an_amount_there_is_nothing_to_draw() -> None:
    rows = [
        row | {"allocation": None, "profile_to_date": None, "actual_to_date": None} for row in money(None)
    ]
    assert bar_charts("T", "All", rows, "name", "allocation") == []
    assert bar_charts("T", "All", [], "name", "allocation") == []


def test_every_colour_of_a_drawing_is_six_digits_as_excel_wants_it(packed: Path) -> None:
    colours = {str(one.get("val")) for xml in every(packed) for one in xml.iter(f"{MAIN}srgbClr")}
    assert colours
    assert {colour for colour in colours if not re.fullmatch("[0-9A-F]{6}", colour)} == set()
