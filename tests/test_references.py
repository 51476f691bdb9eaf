"""What a reference in a partner's file stands for: an id or a name, however it is spelt."""

import pytest
from grids import contract

from pipelines.contract import Column
from pipelines.references import refer

PARTNERS = contract(
    Column("partner_id", "Partner ref", "text", required=True),
    Column("name", "Partner name", "text"),
    Column("also_known_as", "Also known as", "text"),
    schema="framework",
    title="Partners",
)
ROWS = [
    {"partner_id": "pct", "name": "Primary Care Trust", "also_known_as": "PCT; Salford PCT;"},
    {"partner_id": "gmp", "name": "Police", "also_known_as": None},
    {"partner_id": "bcu", "name": "Police", "also_known_as": "F Division"},
]


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("pct", "pct"),
        ("PCT", "pct"),
        ("Primary Care Trust", "pct"),
        (" primary-care trust.", "pct"),
        ("Salford PCT", "pct"),
        ("F division", "bcu"),
        ("GMP", "gmp"),
        ("Police", "Police"),  # two ids have this name, so it stands for neither
        ("Fire Service", "Fire Service"),
        ("", ""),
    ],
)
def test_an_id_or_a_name_stands_for_its_id(text: str, identity: str) -> None:
    assert refer(PARTNERS, ROWS).resolve(text) == identity


def test_an_id_goes_before_a_name() -> None:
    rows = [
        {"partner_id": "police", "name": "Greater Manchester Police"},
        {"partner_id": "gmp", "name": "Police"},
    ]
    assert refer(PARTNERS, rows).resolve("Police") == "police"


def test_an_id_as_it_stands_goes_before_one_that_is_spelt_nearly_alike() -> None:
    reference = refer(PARTNERS, [{"partner_id": "h1_male"}, {"partner_id": "H1 male"}])
    assert [reference.resolve(text) for text in ("h1_male", "H1 male", "h1-male")] == [
        "h1_male",
        "H1 male",
        "h1-male",
    ]


def test_the_facts_of_an_id_are_those_of_its_latest_row() -> None:
    reference = refer(PARTNERS, [*ROWS, {"partner_id": "pct", "name": "NHS Salford"}])
    assert reference.title == "Partners"
    assert list(reference.facts) == ["pct", "gmp", "bcu"]
    assert reference.facts["pct"]["name"] == "NHS Salford"
    assert reference.resolve("Primary Care Trust") == reference.resolve("NHS Salford") == "pct"


def test_nothing_is_known_of_an_empty_sheet() -> None:
    reference = refer(PARTNERS, [])
    assert (reference.facts, reference.resolve("pct")) == ({}, "pct")
