"""Headings as people mean them, not as they typed them."""

import pytest
from grids import contracts

from pipelines.headings import could_be_found, plain


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Target ref", "target ref"),
        ("  TARGET   REF. ", "target ref"),
        ("Target\nref", "target ref"),
        ("target_ref", "target ref"),
        ("Target\u00a0ref", "target ref"),
        ("Allocation (£)", "allocation"),
        ("% done", "percent done"),
        ("Percent done", "percent done"),
        ("Percent-done", "percent done"),
        ("Crime & disorder", "crime and disorder"),
        ("Crime&disorder", "crime and disorder"),
        ("Under-18 conceptions", "under 18 conceptions"),
        ("Café", "cafe"),
        ("Évaluation générale", "evaluation generale"),
        ("E\u0301valuation", "evaluation"),  # the accent as a character of its own
        ("Tar\u00adget\u200b ref", "target ref"),  # a soft hyphen and a space of no width
        ("ﬁgure", "figure"),  # two letters in one
        ("£", ""),
        ("", ""),
    ],
)
def test_what_is_meant(typed: str, meant: str) -> None:
    assert plain(typed) == meant
    assert plain(meant) == meant


def test_figures_tell_headings_apart() -> None:
    assert plain("Profile Q1 (£)") != plain("Profile Q2 (£)")


def test_the_quick_look_rules_nothing_out_that_would_be_found() -> None:
    for contract in contracts().values():
        index = contract.heading_index
        for heading in (text for column in contract.columns for text in column.headings):
            for text in (
                heading,
                heading.upper(),
                f" {heading}*",
                f"{heading} (£000s)",
                f"* {heading}",
                f"{heading}1",
            ):
                assert could_be_found([text], [index]) or not index.find(text)
