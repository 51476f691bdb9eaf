"""The web edition: one file, no script, nothing from elsewhere; every figure leads to its source and back."""

import itertools
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from pack_marts import QUARTER, marts_of
from pack_marts import sample as tables_of_sample
from workspaces import Ran

from pipelines.pack import compose
from pipelines.pack.bars import bar_charts
from pipelines.pack.charts import Chart, Point
from pipelines.web import write_web
from pipelines.web.anchors import anchors
from pipelines.web.bars import WIDTH, draw_bars
from pipelines.web.svg import LARGE, SMALL, draw

VOID = {"meta", "br", "hr", "img", "link", "input"}


class Page(HTMLParser):
    """A page's elements in order, with their attributes and all the text inside them, and whether each was closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[int] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))
        if tag not in VOID and tag not in ("path", "circle"):
            self.open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self.open[-1]][0] == tag, f"</{tag}> closes {self.elements[self.open[-1]][:2]}"
        self.open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))

    def handle_data(self, data: str) -> None:
        for number in self.open:
            self.elements[number][2].append(data)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            a for name, a, _ in self.elements if name == tag and all(a.get(k) == v for k, v in wanted.items())
        ]

    def text_of(self, element_id: str) -> str:
        (found,) = [
            "".join(text) for _, attributes, text in self.elements if attributes.get("id") == element_id
        ]
        return found

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes, _ in self.elements if "id" in attributes]


@pytest.fixture(scope="session")
def text(sample: Ran) -> str:
    """The page of the sample's pack."""
    return sample.pack.with_suffix(".html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def page(text: str) -> Page:
    return Page(text)


def test_every_element_is_closed_and_every_id_is_its_own(page: Page) -> None:
    assert page.open == []
    assert [name for name, count in Counter(page.ids).items() if count > 1] == []


def test_it_runs_nothing_and_asks_nobody(text: str, page: Page) -> None:
    policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"] or ""
    assert "default-src 'none'" in policy and "script" not in policy
    loads = {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "form",
        "base",
        "image",
        "use",
    }
    assert {tag for tag, _, _ in page.elements} & loads == set()
    for tag, attributes, _ in page.elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "srcset", "ping")
        ], tag
        assert (attributes.get("href") or "#").startswith("#"), attributes
    assert not re.search(r"@import|url\(|javascript:", text)


def test_every_link_leads_somewhere_on_the_page(page: Page) -> None:
    targets = {str(one["href"])[1:] for one in page.all("a")}
    assert targets - set(page.ids) == set()


def test_every_figure_leads_to_its_source_and_back(page: Page, sample: Ran) -> None:
    """By the workbook's Provenance: what it says of a reading sheet's cell, the page says of the same cell."""
    from pipelines.trace import provenance_lines

    shown = {str(one["id"]) for tag in ("td", "th") for one in page.all(tag) if "id" in one}
    lines = provenance_lines(sample.pack)
    pages = {str(one["id"]) for one in page.all("section")}
    expected = {
        f"{line['Sheet of pack']}-{line['Cell of pack']}" for line in lines if line["Sheet of pack"] in pages
    }
    assert len(expected) > 500
    assert shown == expected
    hrefs = Counter(str(one["href"])[1:] for one in page.all("a"))
    for place in shown:
        assert hrefs[place] == 1, f"Provenance does not lead back to {place}"
        assert hrefs[f"p-{place}"] >= 1, f"{place} does not lead to Provenance"
    some = next(
        line
        for line in lines
        if line["File"] not in (None, "[z]") and line["Cell of pack"] and line["Sheet of pack"] in pages
    )
    place = f"{some['Sheet of pack']}-{some['Cell of pack']}"
    said = page.text_of(f"p-{place}")
    assert (
        str(some["File"]) in said and str(some["Cell of file"]) in said and str(some["Value shown"]) in said
    )


def test_it_has_the_pages_and_sentences_of_the_workbook(page: Page, sample: Ran) -> None:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(sample.pack)
    said = " ".join(
        "".join(page.text_of(str(one["id"])).split()) for one in page.all("section") if one.get("id")
    )
    reading = [
        name
        for name in book.sheet_names
        if not name.startswith("Data_") and name not in ("Contents", "Provenance")
    ]
    assert [str(one["id"]) for one in page.all("section")] == ["glance", *reading, "Provenance"]
    for name in reading:
        for row in book.get_sheet_by_name(name).to_python()[4:]:
            for value in (value for value in row if isinstance(value, str) and value.strip()):
                # what Contents of the workbook is, the page has at its top
                if not value.startswith("Contents: "):
                    assert "".join(value.split()) in said, f"{name}: {value}"


def test_headings_go_down_by_one(page: Page) -> None:
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_table_has_a_caption_and_headings_that_say_their_direction(page: Page) -> None:
    assert len(page.all("caption")) == len(page.all("table")) > 20
    assert all(one.get("scope") in ("col", "row") for one in page.all("th"))


def test_every_chart_says_its_finding_and_what_is_drawn(page: Page, sample: Ran) -> None:
    charts = [chart for chart in page.all("svg") if "course" not in chart["class"].split()]
    courses = [chart for chart in page.all("svg") if chart not in charts]
    assert courses and {chart["aria-hidden"] for chart in courses} == {"true"}, "cards say it in words"
    targets = sample.select(
        "select target_id, rating_reason from marts.floor_targets where quarter = ?", QUARTER
    )
    assert len(page.all("li", **{"class": "card"})) == len(targets)
    for target, reason in targets:
        assert reason in page.text_of(f"s-{target}-t")
    for chart in charts:
        assert chart["role"] == "img"
        title, description = str(chart["aria-labelledby"]).split()
        assert page.text_of(title) and page.text_of(description)


LETTER, HIGH = 6.2, 8.0  # of a figure of 11 pixels: its width, and its height above the line it stands on
PLACE = {"start": 0.0, "middle": 0.5, "end": 1.0}


def through_its_labels(drawing: str) -> list[str]:
    """The values named in a drawing through which one of its lines goes, found by walking along the lines."""
    tree = ElementTree.fromstring(drawing)
    lines = []
    for path in tree.iter("path"):
        if path.get("class") in ("actual", "needed", "ahead"):
            spots = [tuple(map(float, spot.split())) for spot in (path.get("d") or "")[1:].split("L")]
            lines += list(itertools.pairwise(spots))
    walked = [
        (x + (to_x - x) * step / 200, y + (to_y - y) * step / 200)
        for (x, y), (to_x, to_y) in lines
        for step in range(201)
    ]
    found = []
    for text in tree.iter("text"):
        if text.get("class") in ("actual", "target"):
            words = text.text or ""
            x, y = (float(text.get(name, "")) for name in "xy")
            left = x - len(words) * LETTER * PLACE[text.get("text-anchor", "")]
            right = left + len(words) * LETTER
            if any(left < a < right and y - HIGH < b < y for a, b in walked):
                found.append(words)
    return found


def test_no_line_goes_through_the_value_that_is_named_beside_it(text: str) -> None:
    drawings = [one for one in re.findall(r"<svg.*?</svg>", text, re.DOTALL) if "actual" in one]
    drawings = [one for one in drawings if 'class="chart course"' not in one]
    assert len(drawings) > 30
    assert {word for one in drawings for word in through_its_labels(one)} == set()


def test_a_partners_words_are_words(tmp_path: Path) -> None:
    tables = tables_of_sample()
    evil = '<script>alert(1)</script><img src=x onerror=alert(2)> & "quoted"'
    tables["floor_targets"]["rows"][0]["commentary"] = evil
    tables["floor_targets"]["rows"][0]["rating_reason"] = evil
    path = write_web(compose(marts_of(tables), QUARTER), tmp_path / "pack.html")
    page = Page(path.read_text(encoding="utf-8"))
    assert {"script", "img"} & {tag for tag, _, _ in page.elements} == set()
    assert any(evil in "".join(text) for _, _, text in page.elements)


ODD = {"target_id": 'H4 "a" onclick=x', "parent_id": "H 4"}


def test_names_with_spaces_and_quotes_break_no_place_of_the_page(tmp_path: Path) -> None:
    tables = tables_of_sample()
    for row in (row for table in tables.values() for row in table["rows"]):
        row |= {name: odd for name, odd in ODD.items() if row.get(name) == "H4"}
    tables["funds"]["rows"][0]["short_name"] = "Working Neighbourhoods"
    page = Page(
        write_web(compose(marts_of(tables), QUARTER), tmp_path / "pack.html").read_text(encoding="utf-8")
    )
    assert all(re.fullmatch(r"[\w-]+", one, re.ASCII) for one in page.ids) and len(set(page.ids)) == len(
        page.ids
    )
    assert "onclick" not in {name for _, attributes, _ in page.elements for name in attributes}
    assert {"FT_H_4", "Working_Neighbourhoods", "s-H4_a_onclick_x-t"} <= set(page.ids)
    labels = [str(a[name]).split() for _, a, _ in page.elements for name in a if name == "aria-labelledby"]
    assert {place for words in labels for place in words} - set(page.ids) == set()
    assert {str(one["href"])[1:] for one in page.all("a")} - set(page.ids) == set()


def test_names_that_are_much_alike_have_places_of_their_own() -> None:
    given = anchors(["H4 a", "H4-a", "H4_a", "H4_a_2", "glance", "Äö"], taken=("glance",))
    assert given["H4 a"] == "H4_a" and given["glance"] == "glance_2"
    assert len(set(given.values())) == 6 and all(
        re.fullmatch(r"\w+", one, re.ASCII) for one in given.values()
    )


def test_provenance_calls_figures_by_their_names_and_not_as_the_marts_do(page: Page, sample: Ran) -> None:
    (said,) = (
        page.text_of(place)
        for place in page.ids
        if place.startswith("p-Measures-E") and "H4 · Under-18" in page.text_of(place)
    )
    assert "Age in months · H4 · Under-18 conception rate" in said
    marts = {
        name
        for (name,) in sample.select("select table_name from duckdb_tables() where schema_name = 'marts'")
    }
    assert not re.search(rf"\b({'|'.join(marts)}):\S+:\w+", page.text_of("Provenance"))


def test_the_page_speaks_of_no_contents_which_it_has_at_its_top(text: str) -> None:
    (cover,) = re.findall(r'<section id="Cover".*?</section>', text, re.DOTALL)
    assert "Contents" not in cover and "#Summary" in cover


def test_the_navigation_marks_a_rating_as_the_pages_do(text: str) -> None:
    """Half the rule, some of the measures, a moderated one: whoever sees the rating alone is told."""
    (menu,) = re.findall(r"<nav.*?</nav>", text, re.DOTALL)
    said = {
        re.sub(r"<.*?>", "", line).split(":")[0].strip(): re.sub(r"<.*?>", "", line)
        for line in re.findall(r"<li>.*?</li>", menu)
    }
    assert said["E3"].endswith("[u], on 2 of 3 measures")
    assert said["W1"].endswith("AG on 1 of 2 measures, 1 moderated")
    assert said["H4"].endswith("R")
    assert said["C3"].endswith("no rating")


def test_what_heads_a_row_tells_it_from_the_others(text: str) -> None:
    """On Summary the measure, as a target's ref stands in several rows; elsewhere the first column."""
    (summary,) = re.findall(r'<section id="Summary".*?</section>', text, re.DOTALL)
    heads = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', summary)
    assert len(heads) == len(set(heads)) > 15


def test_the_same_marts_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (
        write_web(compose(marts_of(tables_of_sample()), QUARTER), tmp_path / name).read_bytes()
        for name in ("a", "b")
    )
    assert first == second


# Charts


def chart(*values: float | None, target: float | None = 30.0, **more: Any) -> Chart:
    points = tuple(
        Point(date(1998 + n, 12, 31), str(1998 + n), value, needed=60.0 - 2 * n, **more)
        for n, value in enumerate(values)
    )
    aim = None if target is None else Point(date(2010, 12, 31), "2010", target)
    return Chart(
        "H4",
        "H4",
        "Rate",
        "per 1,000",
        "Rate",
        "Why.",
        "Rate: why.",
        "In words.",
        None,
        "No rating",
        None,
        points,
        aim,
        1,
        None,
    )


def drawn(one: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(draw(one, LARGE, "x"))


def of_class(tree: ElementTree.Element, tag: str, kind: str) -> list[ElementTree.Element]:
    return [element for element in tree.iter(tag) if element.get("class") == kind]


def test_a_gap_in_a_series_is_a_gap_in_its_line() -> None:
    tree = drawn(chart(61.5, 62.1, None, 56.7, 53.8))
    assert len(of_class(tree, "path", "actual")) == 2
    assert len(of_class(tree, "circle", "actual")) == 4


def test_no_line_joins_what_was_counted_in_two_ways() -> None:
    whole = chart(61.5, 62.1, 56.7, 53.8)
    points = (*whole.points[:2], replace(whole.points[2], is_anew=True), whole.points[3])
    assert len(of_class(drawn(whole), "path", "actual")) == 1
    assert len(of_class(drawn(replace(whole, points=points)), "path", "actual")) == 2


def test_higher_values_stand_higher_and_later_ones_further_right() -> None:
    places = [
        (float(c.get("cx", "")), float(c.get("cy", "")))
        for c in of_class(drawn(chart(60, 50, 55)), "circle", "actual")
    ]
    assert places[0][0] < places[1][0] < places[2][0]
    assert places[0][1] < places[2][1] < places[1][1]


def test_periods_between_stand_under_their_points_where_they_have_room() -> None:
    tree = drawn(chart(61.5, 62.1, 56.7, 53.8))
    places = {
        text.text: float(text.get("x", ""))
        for text in tree.iter("text")
        if text.get("text-anchor") == "middle" and not text.get("class")
    }
    across = [float(circle.get("cx", "")) for circle in of_class(tree, "circle", "actual")]
    assert places == {"2001": across[3]}  # the latest; those before would run into it or the first
    small = ElementTree.fromstring(draw(chart(61.5, 62.1, 56.7, 53.8), SMALL, "x"))
    assert all(text.get("text-anchor") != "middle" for text in small.iter("text") if not text.get("class"))


def test_limits_are_a_band_around_the_line() -> None:
    assert len(of_class(drawn(chart(60.0, 50.0, lower=48.0, upper=62.0)), "path", "limits")) == 1
    assert of_class(drawn(chart(60.0, 50.0)), "path", "limits") == []


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize(
    "make",
    [
        lambda: chart(),
        lambda: chart(None),
        lambda: chart(5.0, target=None),
        lambda: chart(0.0, 0.0, 0.0, target=0.0),
        lambda: chart(1e9, -1e9),
    ],
    ids=["nothing but a target", "no value", "one value", "all alike", "far apart"],
)
def test_a_chart_of_little_is_a_chart_all_the_same(make: Callable[[], Chart], size: Any) -> None:
    tree = ElementTree.fromstring(draw(make(), size, "x"))
    numbers = [
        float(n) for element in tree.iter() for n in re.findall(r"-?\d+\.?\d*", element.get("d") or "")
    ]
    assert all(-1 <= number <= size.width + 1 for number in numbers)


# Bars of money


def test_a_bar_is_as_long_as_its_amount_and_what_is_missing_has_none() -> None:
    rows = [
        {"name": "<A & B>", "allocation": 400.0, "profile_to_date": 100.0, "actual_to_date": 80.0},
        {"name": "C", "allocation": 200.0, "profile_to_date": 50.0, "actual_to_date": None},
        {"name": "D" * 90, "allocation": None, "profile_to_date": 0.0, "actual_to_date": -10.0},
    ]
    (one,) = bar_charts("T", "All", [row | {"variance_pct": None} for row in rows], "name", "allocation")
    tree = ElementTree.fromstring(draw_bars(one, "b"))
    widths = {
        kind: [float(bar.get("width", "")) for bar in of_class(tree, "rect", kind)]
        for kind in ("allotted", "spent")
    }
    assert widths["allotted"][0] == pytest.approx(2 * widths["allotted"][1], abs=0.2)
    assert widths["spent"] == [
        pytest.approx(widths["allotted"][0] * share, abs=0.1) for share in (0.2, 0.025)
    ]
    nought = of_class(tree, "path", "axis")[0]  # as one of the amounts is below it
    left = [float(bar.get("x", "")) for bar in of_class(tree, "rect", "spent")]
    assert str(nought.get("d")).startswith(f"M{left[0]} ") and left[1] == 0.0
    assert len(of_class(tree, "path", "planned")) == 3
    assert max(*widths["allotted"], *widths["spent"]) <= WIDTH
    words = [text.text for text in tree.iter("text")]
    assert words[:4] == ["<A & B>", "£80", "C", "[x]"] and words[5] == "-£10"
    assert str(words[4]).endswith("…") and f"{'D' * 90}: -£10 spent" in str(tree.findtext("desc"))
