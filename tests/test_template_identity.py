"""A workbook that says itself which template it is, and what is made of one that does not agree with its labels."""

from dataclasses import replace
from typing import Any

import pytest
from grids import Row, contracts, receipt, sheet

from pipelines.cells import Book, Sheet
from pipelines.submission.envelope import Envelope, Label, address
from pipelines.template.identity import ExpectedRow, Identity, read_identity
from pipelines.template.words import is_our_heading

PARTNERS = {"pct": "pct", "primary care trust": "pct", "police": "police"}
QUARTERS = {"2004-05-Q1", "2004-05-Q2"}
SMOKERS = {"indicator_id": "P_QUIT", "period": "2004-01-01/P3M"}
CLINICS = {"indicator_id": "P_CLINIC", "period": "2004-04-01/P3M"}
IDENTITY = Identity(
    template_id="2004-05-Q1.pct",
    version="0f3a9c",
    partner="pct",
    quarter="2004-05-Q1",
    issued_on="2004-06-25",
    sheets={"Proxies": "proxy_indicators"},
    own={"Start": 3, "Lists": 3},
    rows=(
        ExpectedRow("proxy_indicators", SMOKERS, {"indicator_id": "P_QUIT", "period": "Jan to Mar 2004"}),
        ExpectedRow("proxy_indicators", CLINICS, {"indicator_id": "P_CLINIC", "period": "Apr to Jun 2004"}),
    ),
)


def meta(identity: Identity = IDENTITY) -> Sheet:
    return sheet([list(line) for line in identity.lines()], "_meta", visibility="very hidden")


# Read as written


def test_what_was_written_is_read() -> None:
    assert read_identity(Book((sheet([["x"]]), meta()))) == IDENTITY
    assert read_identity(Book((sheet([["x"]]),))) is None


def test_a_reply_names_the_file_it_answers() -> None:
    reply = replace(IDENTITY, parent_sha256="ab" * 32, query_round=2)
    assert read_identity(Book((meta(reply),))) == reply


@pytest.mark.parametrize(
    ("line", "value"), [("partner", "police"), ("quarter", "2004-05-Q2"), ("sha256", "0"), ("sheets", "{}")]
)
def test_a_line_that_was_changed_is_seen(line: str, value: str) -> None:
    lines = [[name, value if name == line else text] for name, text in IDENTITY.lines()]
    identity = read_identity(Book((sheet(lines, "_meta"),)))
    assert identity is not None
    assert not identity.is_intact


@pytest.mark.parametrize("lines", [[["template_id"]], [["rows", "many"]], [["row", "{"]], [[]]])
def test_a_sheet_of_that_name_with_something_else_on_it_is_no_identity(lines: list[Row]) -> None:
    identity = read_identity(Book((sheet(lines, "_meta"),)))
    assert identity is not None
    assert not identity.is_intact


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Last time: Value", True),
        ("guide:  Unit", True),
        ("Our query", True),
        ("Guide", False),
        ("Value", False),
    ],
)
def test_headings_of_ours_have_a_form_of_their_own(heading: str, expected: bool) -> None:
    assert is_our_heading(heading) is expected


def test_no_heading_of_any_contract_has_that_form() -> None:
    every = [heading for c in contracts().values() for column in c.columns for heading in column.headings]
    assert [heading for heading in every if is_our_heading(heading)] == []


# Who and when


def settled(identity: Identity, partner: str = "", quarter: str = "", **of_receipt: Any) -> Envelope:
    labels = {"partner": Label(partner, partner, "B3")} if partner else {}
    labels |= {"quarter": Label(quarter, quarter, "B4")} if quarter else {}
    return address(labels, receipt(**({"folder": "inbox"} | of_receipt)), PARTNERS, QUARTERS, identity)


@pytest.mark.parametrize(
    "sources",
    [
        {},
        {"partner": "Primary Care Trust", "quarter": "Q1 2004/05"},
        {"received_from": "PCT", "folder": "2004-05-Q1"},
        {"folder": "2004-05-Q2", "also_in": ("2004-05-Q1",)},
    ],
)
def test_the_identity_alone_says_who_and_when(sources: dict[str, Any]) -> None:
    assert settled(IDENTITY, **sources) == Envelope("pct", "2004-05-Q1")


@pytest.mark.parametrize(
    ("sources", "rule", "cell", "names"),
    [
        ({"partner": "Police"}, "partner_agrees", "B3", ("'pct'", "'Police'")),
        ({"partner": "Fire"}, "partner_agrees", "B3", ("'pct'", "'Fire'")),
        ({"received_from": "police"}, "partner_agrees", None, ("'pct'", "'police'")),
        ({"quarter": "Q2 2004/05"}, "quarter_agrees", "B4", ("2004-05-Q1", "Q2 2004/05")),
        ({"quarter": "soon"}, "quarter_readable", "B4", ("soon",)),
        ({"folder": "2004-05-Q2"}, "quarter_agrees", None, ("2004-05-Q1", "2004-05-Q2")),
    ],
)
def test_two_sources_that_disagree_are_both_named(
    sources: dict[str, Any], rule: str, cell: str | None, names: tuple[str, ...]
) -> None:
    envelope = settled(IDENTITY, **sources)
    assert (envelope.rule, envelope.cell) == (rule, cell)
    assert envelope.problem is not None
    assert all(name in envelope.problem for name in names)


def test_a_reply_that_could_not_settle_the_partner_leaves_it_to_the_labels() -> None:
    unsettled = replace(IDENTITY, partner="", quarter="")
    assert settled(unsettled, partner="Police", quarter="Q2 2004/05") == Envelope("police", "2004-05-Q2")


def test_a_template_of_another_partnership_is_refused() -> None:
    assert settled(replace(IDENTITY, partner="fire")).rule == "partner_known"
    assert settled(replace(IDENTITY, quarter="2099-00-Q1")).rule == "quarter_known"
