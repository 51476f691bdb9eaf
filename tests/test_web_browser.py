"""The web edition in a browser: nothing to complain of, nothing asked of anyone, no violation that axe finds."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from workspaces import Ran

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not here: apt-get install chromium")
PATIENCE = 180_000  # milliseconds, on a machine that has other things to do
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

# The lines of Provenance are all alike: a hundred of them stand for thousands.
A_HUNDRED_LINES = "[...document.querySelectorAll('.sources>li')].slice(100).forEach(line => line.remove())"
# Contrast follows from an element, its classes and those that it stands in, not from its words: of what is alike
# in these one is left, and of ten thousand elements some hundreds. Returns how many were taken away.
ONE_OF_EACH_LOOK = """() => {
    const about = e => e.tagName + '.' + (e.getAttribute('class') || '')
    const within = e => e.parentElement ? within(e.parentElement) + '>' + about(e) : about(e)
    const inner = e => e.innerHTML.replace(/^[^<]*|[^>]*$/g, '').replace(/>[^<]*</g, '><')
    const look = e => within(e) + inner(e).replace(/ (id|href|aria-labelledby)="[^"]*"/g, '')
    const seen = new Set()
    let taken = 0
    for (const e of document.querySelectorAll('th, td, li, p, caption, h3, svg *')) {
        if (!e.isConnected) continue
        const found = look(e)
        if (seen.has(found)) { e.remove(); taken += 1 }
        seen.add(found)
    }
    return taken
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(
    params=[("light", DESK), ("dark", DESK), ("light", PHONE), ("dark", PHONE)],
    ids=lambda p: f"{p[0]} {p[1]['width']}",
)
def shown(browser: Any, sample: Ran, request: pytest.FixtureRequest) -> Iterator[tuple[Any, list[str]]]:
    """The page as opened from a disk without a network, and what the browser said meanwhile."""
    scheme, viewport = request.param
    # axe is a script, which the page's own policy would stop; all else is looked at under that policy
    is_axe = request.node.originalname in ("test_axe_finds_no_violation", "test_axe_finds_enough_contrast")
    context = browser.new_context(offline=True, color_scheme=scheme, viewport=viewport, bypass_csp=is_axe)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda asked: said.append(asked.url) if not asked.url.startswith("file:") else None)
    page.goto(sample.pack.with_suffix(".html").as_uri())
    yield page, said
    context.close()


def test_it_opens_offline_without_a_word_and_does_not_scroll_sideways(shown: tuple[Any, list[str]]) -> None:
    page, said = shown
    assert said == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} pixels too wide"


def test_axe_finds_no_violation(shown: tuple[Any, list[str]]) -> None:
    """All rules but contrast, which takes ten times as long as all others together and has its own test."""
    page, _ = shown
    page.evaluate(A_HUNDRED_LINES)
    assert violations(page, {"rules": {"color-contrast": {"enabled": False}}}) == []


def test_axe_finds_enough_contrast(shown: tuple[Any, list[str]]) -> None:
    page, _ = shown
    taken, left = page.evaluate(ONE_OF_EACH_LOOK), page.evaluate("document.querySelectorAll('*').length")
    assert 500 < left < taken, "what is alike should have gone, and nothing else"
    assert violations(page, {"runOnly": ["color-contrast"]}) == []


def violations(page: Any, options: dict[str, Any]) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found]


# How wide what heads the rows is beside its table, how far it is from the table's left once that was moved to its
# right end, the least height of a chart's letters in pixels, and whether the link to the top is on the screen.
ON_A_PHONE = """() => {
    const table = document.querySelector('#Summary .table'), head = table.querySelector('tbody .h')
    table.scrollIntoView()
    table.scrollLeft = table.scrollWidth
    const [outer, inner] = [table, head].map(e => e.getBoundingClientRect())
    const letters = [...document.querySelectorAll('svg.chart text')].map(text => {
        const chart = text.closest('svg')
        return parseFloat(getComputedStyle(text).fontSize) * chart.clientWidth / chart.viewBox.baseVal.width
    })
    const top = document.querySelector('.top a').getBoundingClientRect()
    return [inner.width / outer.width, inner.left - outer.left, Math.min(...letters), top.bottom <= innerHeight]
}"""


def test_on_a_telephone_what_heads_the_rows_stays_and_letters_are_large_enough(
    browser: Any, sample: Ran
) -> None:
    page = browser.new_page(viewport=PHONE)
    page.set_default_timeout(PATIENCE)
    page.goto(sample.pack.with_suffix(".html").as_uri())
    share, moved, letters, has_top = page.evaluate(ON_A_PHONE)
    assert (share < 0.34, abs(moved) < 1, letters >= 10, has_top) == (True,) * 4, (
        share,
        moved,
        letters,
        has_top,
    )
    page.locator(".top a").click()
    assert page.evaluate("scrollY") == 0
    page.close()


def test_provenance_is_folded_until_a_figure_leads_to_its_line(browser: Any, sample: Ran) -> None:
    page = browser.new_page(viewport=PHONE)
    page.set_default_timeout(PATIENCE)
    page.goto(sample.pack.with_suffix(".html").as_uri())
    length, folded = page.evaluate(
        "[document.querySelector('#Provenance').offsetHeight, document.querySelectorAll('#Provenance details').length]"
    )
    assert folded > 10 and length < 3 * PHONE["height"], "the lines of all pages are folded"
    figure = page.locator("#Summary a.figure").last
    line = page.locator(f"[id='{figure.get_attribute('href')[1:]}']")
    assert not line.is_visible()
    figure.click()
    assert line.is_visible()
    assert page.locator("#Provenance details[open]").count() == 1, "the others stay folded"
    top = line.evaluate("e => e.getBoundingClientRect().top")
    assert 0 <= top < PHONE["height"], "and it is on the screen"
    page.close()


def test_on_a_telephone_every_column_of_decisions_is_on_the_screen(browser: Any, sample: Ran) -> None:
    page = browser.new_page(viewport=PHONE)
    page.set_default_timeout(PATIENCE)
    page.goto(sample.pack.with_suffix(".html").as_uri())
    table = "document.querySelector('#Decisions .table')"
    assert page.evaluate(f"{table}.classList.contains('stack')")
    assert page.evaluate(f"{table}.scrollWidth - {table}.clientWidth") <= 0
    due = page.locator("#Decisions td[data-h='By when']").first
    box = due.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    assert "By when" in due.evaluate("e => getComputedStyle(e, '::before').content")
    page.close()


PRINTED = {"width": 1032, "height": 703}  # pixels of A4 across within the page's margins


def test_it_prints_dark_on_light_and_no_table_makes_the_print_small(browser: Any, sample: Ran) -> None:
    page = browser.new_page(viewport=PRINTED, color_scheme="dark")
    page.set_default_timeout(PATIENCE)
    page.goto(sample.pack.with_suffix(".html").as_uri())
    page.evaluate(A_HUNDRED_LINES)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= PRINTED["width"]
    colours = "(e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor])(document.body)"
    assert page.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert not page.locator(".top").is_visible() and not page.locator("#Provenance").is_visible()
    page.close()


def test_the_tab_key_goes_down_the_page(browser: Any, sample: Ran) -> None:
    page = browser.new_page(viewport=DESK)
    page.set_default_timeout(PATIENCE)
    page.goto(sample.pack.with_suffix(".html").as_uri())
    page.evaluate(A_HUNDRED_LINES)  # they stand last, far behind the first sixty stops
    heights = []
    for _ in range(60):
        page.keyboard.press("Tab")
        # of a table's row its top: where words of a cell wrap, what follows them stands lower than the cell beside
        here = "(document.activeElement.closest('tr') || document.activeElement)"
        heights.append(page.evaluate(f"{here}.getBoundingClientRect().top + scrollY"))
    assert page.evaluate("document.activeElement.tagName") != "BODY"
    # a card's row goes from left to right, so a step up is at most the height of the page's top
    assert heights[1:] == sorted(heights[1:])
    page.close()
