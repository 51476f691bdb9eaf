"""Ways into the public edition that were open once: a whole run of synthetic returns, and a reader who knows the city.

The reader has the pack's tables, the wards of the city as the framework names them, the calendar and the rule; none
of the code that hides. All counts are invented.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pytest
from openpyxl import load_workbook
from sample_files import RAW
from scipy.optimize import linprog
from test_public_edition import tables
from workspaces import QUARTER, Sent, run, workspace_of

from pipelines.disclosure.edition import make_public

BOOK = load_workbook(RAW / "framework" / "framework.xlsx", read_only=True)
FORMER = ("Blackfriars", "Pendleton")
WARDS = [str(row[1]) for row in BOOK["areas"].values if row[2] == "ward" and row[1] not in FORMER]
LITTLE = WARDS[0]
CHILDREN = {ward: 8 + 11 * number % 25 for number, ward in enumerate(WARDS)} | {LITTLE: 1}
# two years that overlap by nine months, and the quarters that only one of them has
ROLLING = {"2003": 58, "2003/04": 47, "Jan to Mar 2003": 12, "Jan to Mar 2004": 1}
MADE_OF = {
    "2003": ("first", "between"), "2003/04": ("between", "last"),
    "Jan to Mar 2003": ("first",), "Jan to Mar 2004": ("last",),
}  # fmt: skip
CARDS = "P_CCARD"
CYCLISTS = {"Oct to Dec 2003": 22.5, "Jan to Mar 2004": 6, "Apr to Jun 2004": 5}
SCHOOLS = {"School A": (4, 40), "School B": (10, 50), "School C": (30, 60)}
CLEARED = (
    *(("target", ref, "yes") for ref in ("T1_child", "T1_ksi", "E1_lea", "E1_schools", "H4")),
    ("proxy", "all", "yes"), ("project", "all", "yes"), ("action", "all", "yes"),
)  # fmt: skip
PROGRESS = ["Target ref", "Area", "Period", "Value", "Numerator", "Denominator", "Published on"]


def sent(partner: str, *rows: list[Any], ref: str = "", proxies: Mapping[str, float] | None = None) -> Sent:
    top = ["Partner", partner]
    lines = [[*row, *[None] * (6 - len(row)), "2004-05-01"] for row in rows]
    sheets: dict[str, Any] = {"Progress": [["Target progress"], top, [], PROGRESS, *lines]}
    if proxies:
        counted = [[ref, period, count] for period, count in proxies.items()]
        sheets["Proxies"] = [["Proxy indicators"], top, [], ["Indicator ref", "Period", "Value"], *counted]
    return Sent(f"{partner}.xlsx", sheets, QUARTER, partner)


def framework(path: Path) -> Path:
    """The sample's, with wards that were always there, three schools, and a target that counts these."""
    book = load_workbook(RAW / "framework" / "framework.xlsx")
    sheet = book.create_sheet("clearances")
    sheet.append(["What is cleared", "Cleared ref", "Public", "Counts people or events", "Clearance note"])
    for line in CLEARED:
        sheet.append([*line, None, None])
    # not rounded, or what twenty wards are rounded by would hide the little one without any other being hidden
    for partner in ("road_safety", "education"):
        book["settings"].append([f"round_counts_to_{partner}", 0, "Not rounded.", "Made up"])
    areas = book["areas"]
    kept = [[cell.value for cell in row] for row in areas.iter_rows() if row[1].value not in FORMER]
    areas.delete_rows(1, areas.max_row)
    for number, row in enumerate(kept):
        areas.append(row if number == 0 else [*row[:5], None, None, row[7], None])
    for school in SCHOOLS:
        areas.append([school.casefold().replace(" ", "_"), school, "unit", "salford"])
    headings = [cell.value for cell in book["targets"][1]]
    for cells in book["targets"].iter_rows(min_row=2):
        if cells[0].value == "E1_schools":
            cells[headings.index("Counts units of")].value = "E1_lea"
            cells[headings.index("Floor of each unit")].value = 25
    book.save(path)
    return path


class Editions(NamedTuple):
    """The pack for partners and that for the public, and the marts of each."""

    partners: Path
    public: Path
    partners_marts: Path
    public_marts: Path


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Editions:
    folder = tmp_path_factory.mktemp("ways")
    children = [["T1_child", None, "2003", sum(CHILDREN.values())]]
    children += [["T1_child", ward, "2003", count] for ward, count in CHILDREN.items()]
    schools = [
        ["E1_lea", school, year, 100 * good / pupils, good, pupils]
        for year in ("Academic year 2001/02", "Academic year 2002/03")
        for school, (good, pupils) in SCHOOLS.items()
    ]
    # the rate of all three alone, and what it is of only beside the schools
    good, pupils = map(sum, zip(*SCHOOLS.values(), strict=True))
    schools.append(["E1_lea", None, "Academic year 2002/03", 100 * good / pupils])
    # rates that are not what stands beside them: of another base, and of one that was not sent
    rates = [["H4", None, "2001", 93.7, 13], ["H4", None, "2002", 40.0, 12, 100]]
    workspace = workspace_of(
        folder / "workspace",
        sent("road_safety", *children, ref="P_CYCLE", proxies=CYCLISTS),
        sent("education", *schools),
        sent("pct", *rates, ref=CARDS, proxies=ROLLING),
        framework=framework(folder / "framework.xlsx"),
    )
    ran = run(workspace, QUARTER)
    assert ran.said.code in (0, 3), ran.said
    # the public marts, as the pack has them: more than it shows at once, and what later ones may show
    make_public(workspace.database, folder / "public.duckdb", {})
    packs = workspace.pack_file(QUARTER), workspace.public_file(QUARTER)
    return Editions(*packs, workspace.database, folder / "public.duckdb")


def table(path: Path, name: str) -> list[dict[str, Any]]:
    (rows,) = (rows for title, rows in tables(path) if title.endswith(f" {name}"))
    return rows


def ends(number: float) -> tuple[int, int]:
    """The least and the most of the whole numbers that the rule shows as this one: none of 1 to 7, to the nearest 5."""
    fits = [
        n for n in range(int(number) + 5) if n == number == 0 or (n > 7 and (2 * n + 5) // 10 * 5 == number)
    ]
    return min(fits), max(fits)


def attack(
    told: list[tuple[tuple[str, ...], float]], one: str, *, exact: bool = False
) -> tuple[float, float]:
    """The least and the most that one count can be, if each number told is the sum of some."""
    names = sorted({name for made_of, _ in told for name in made_of} | {one})
    rows = np.array([[float(name in made_of) for name in names] for made_of, _ in told])
    known = np.array([(number, number) if exact else ends(number) for _, number in told])
    aim = np.array([float(name == one) for name in names])
    found = [
        linprog(sign * aim, A_ub=np.vstack([rows, -rows]), b_ub=np.hstack([known[:, 1], -known[:, 0]]),
                bounds=(0, None), method="highs")
        for sign in (1, -1)
    ]  # fmt: skip
    assert {end.status for end in found} <= {0, 3}
    return found[0].fun, -found[1].fun if found[1].status == 0 else np.inf


def is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def of_wards(path: Path) -> list[tuple[tuple[str, ...], float]]:
    """What the sheet Communities tells of children: of wards, and of the city that they make."""
    rows = table(path, "Communities_1")
    told = [((row["Area"],), row["Value"]) for row in rows if is_number(row["Value"])]
    return told + [(tuple(WARDS), row["The whole"]) for row in rows if is_number(row["The whole"])]


def of_years(marts: Path) -> list[tuple[tuple[str, ...], float]]:
    """What the marts tell of the years that overlap."""
    with duckdb.connect(str(marts), read_only=True) as connection:
        rows = connection.execute(
            "select period_label, value from staging.proxy_indicators where indicator_id = $1 and value is not null",
            [CARDS],
        ).fetchall()
    return [(MADE_OF[period], value) for period, value in rows]


def test_a_ward_without_a_committee_that_was_sent(editions: Editions) -> None:
    partners, public = of_wards(editions.partners), of_wards(editions.public)
    assert attack([one for one in partners if one[0] != (LITTLE,)], LITTLE, exact=True) == pytest.approx(
        (1, 1)
    )
    assert len(public) > len(WARDS) / 2  # or nothing much is published, and the next line proves little
    assert len(public) < len(partners) - 1  # something beside the little one is hidden
    low, high = attack(public, LITTLE, exact=True)
    assert low <= 1 + 1e-6 and high >= 7 - 1e-6


def test_a_quarter_between_two_years_that_overlap(editions: Editions) -> None:
    partners, public = of_years(editions.partners_marts), of_years(editions.public_marts)
    without = [one for one in partners if one[0] != ("last",)]
    assert attack(without, "last", exact=True) == pytest.approx((1, 1))
    assert public and all(made_of != ("last",) for made_of, _ in public)
    low, high = attack(public, "last")
    assert low <= 1 + 1e-6 and high >= 7 - 1e-6


def test_one_decimal_among_counts_opens_none_of_them(editions: Editions) -> None:
    def said(path: Path) -> set[Any]:
        rows = [row for row in table(path, "Data_Proxies") if row["Indicator"] == "P_CYCLE"]
        assert rows
        values = ("Latest value", "Previous value", "A year before", "Mean of twelve months", "Chart mean")
        return {row[name] for row in rows for name in values if is_number(row[name])}

    assert {5, 6} <= said(editions.partners)
    assert said(editions.public) <= {22.5}


def test_a_target_that_counts_units_is_not_counted_without_those_that_are_hidden(editions: Editions) -> None:
    def line(path: Path) -> dict[str, Any]:
        (found,) = (
            row for row in table(path, "Summary_targets") if row["Measure"].startswith("Secondary schools")
        )
        return found

    assert line(editions.partners)["Latest value"] == 2  # A and B
    assert not is_number(line(editions.public)["Latest value"])
    assert line(editions.public)["Rating"] == "[c]"
    units = {row["Unit"]: row for row in table(editions.public, "FT_E1_units")}
    assert units["School A"]["Value"] == "[c]"


def test_the_rate_of_the_whole_does_not_give_a_part_away(editions: Editions) -> None:
    def said(marts: Path) -> list[tuple[str, float]]:
        with duckdb.connect(str(marts), read_only=True) as connection:
            return connection.execute(
                "select area_id, value from staging.floor_targets where target_id = 'E1_lea' and value is not null "
                "and period_label = '2002/03' order by all"
            ).fetchall()

    def whole(found: list[tuple[str, float]]) -> bool:
        """Whether 150 times the whole's rate, less those of the schools with 50 and 60, are there to be read."""
        return {"school_b", "school_c", "salford"} <= {area for area, _ in found}

    assert len(said(editions.partners_marts)) == 4 and whole(said(editions.partners_marts))
    assert said(editions.public_marts) and not whole(said(editions.public_marts))


def test_a_rate_that_what_stands_beside_it_does_not_give_is_not_shown(editions: Editions) -> None:
    def said(path: Path) -> dict[str, Any]:
        return {row["Period"]: row["Value"] for row in table(path, "FT_H4_a_progress")}

    assert said(editions.partners) == {"2001": 93.7, "2002": 40.0}
    assert said(editions.public) == {"2001": "[c]", "2002": "[c]"}


def test_nobody_is_told_who_has_not_sent_what(editions: Editions) -> None:
    def said(path: Path) -> list[str]:
        """All that stands in the pack beyond the sheet of quality, which counts and names nobody."""
        book = load_workbook(path, read_only=True)
        sheets = (
            sheet for sheet in book.worksheets if sheet.title != "Quality" and "Notes" not in sheet.title
        )
        words = ("not received", "not due", "has sent", "return refused", "was refused")
        cells = (str(cell) for sheet in sheets for row in sheet.values for cell in row if cell)
        return [cell for cell in cells if any(word in cell.casefold() for word in words)]

    def states(path: Path) -> set[Any]:
        return {row["State"] for row in table(path, "Data_Spend")}

    assert len(said(editions.partners)) > 5 and "missing" in states(editions.partners)
    assert said(editions.public) == [] and states(editions.public) <= {"received", "not published"}


def test_projects_in_no_total_are_named_without_a_reason(editions: Editions) -> None:
    def told(path: Path) -> str:
        lines = " ".join(str(row[0].value) for row in load_workbook(path)["NRF"].iter_rows())
        return lines.partition("In no total of the fund: ")[2].partition(". ")[0]

    assert "(return not due yet)" in told(editions.partners)
    assert told(editions.public).count("(not published)") == len(table(editions.public, "Fund_missing"))
    assert not {"due", "received", "return"} & set(re.split(r"\W+", told(editions.public)))
    became = {row["Why it is in no total"] for row in table(editions.public, "Fund_missing")}
    assert became == {"Not published"}
