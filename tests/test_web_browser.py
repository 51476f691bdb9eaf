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
    is_axe = request.node.originalname == "test_axe_finds_no_violation"
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
    from axe_playwright_python.sync_playwright import Axe

    page, _ = shown
    # the lines of Provenance are all alike: a hundred of them stand for thousands, which would take minutes
    page.evaluate("[...document.querySelectorAll('.sources>li')].slice(100).forEach(line => line.remove())")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found] == []


def test_the_tab_key_goes_down_the_page(browser: Any, sample: Ran) -> None:
    page = browser.new_page(viewport=DESK)
    page.set_default_timeout(PATIENCE)
    page.goto(sample.pack.with_suffix(".html").as_uri())
    heights = []
    for _ in range(60):
        page.keyboard.press("Tab")
        heights.append(page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY"))
    assert page.evaluate("document.activeElement.tagName") != "BODY"
    # a card's row goes from left to right, so a step up is at most the height of the page's top
    assert heights[1:] == sorted(heights[1:])
    page.close()
