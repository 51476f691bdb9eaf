"""What a reference in a partner's file stands for: an id or a name, however it is spelt."""

import pytest
from grids import contract

from pipelines.contract import Column
from pipelines.framework.references import refer

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


AREAS = refer(
    contract(Column("area_id", "Area ref", "text"), Column("name", "Area name", "text"), schema="framework"),
    [
        {"area_id": "england_wales", "name": "England and Wales"},
        {"area_id": "ordsall", "name": "Ordsall & Langworthy"},
        {"area_id": "north", "name": "Swinton North"},
        {"area_id": "south", "name": "Swinton South"},
        {"area_id": "salford", "name": "Salford", "also_known_as": "00BR; 355"},
        {"area_id": "NRF01", "name": "Wardens"},
        {"area_id": "one", "name": "Central"},
        {"area_id": "two", "name": "Central"},
    ],
)


@pytest.mark.parametrize(
    ("text", "area", "remark"),
    [
        ("Ordsall and Langworthy", "ordsall", None),
        ("00BR", "salford", None),
        ("355", "salford", None),
        (
            "ENGLAND AND WALES6",
            "england_wales",
            "We read 'ENGLAND AND WALES6' as England and Wales (england_wales), without '6'. Please confirm.",
        ),
        (
            "England and Wales [note 2]",
            "england_wales",
            "We read 'England and Wales [note 2]' as England and Wales (england_wales), without '[note 2]'. "
            "Please confirm.",
        ),
        ("Orsdall", "ordsall", "We read 'Orsdall' as Ordsall & Langworthy (ordsall). Please confirm."),
        ("Swinton Noth", "Swinton Noth", None),  # a letter from North and two from South
        ("Alford", "Alford", None),  # another place, and not Salford without its S
        ("NRF02", "NRF02", None),
        ("Centrall", "Centrall", None),
        ("Central", "Central", None),
    ],
)
def test_a_name_is_read_with_a_note_or_a_slip_where_it_can_be_one_thing_only(
    text: str, area: str, remark: str | None
) -> None:
    assert AREAS.read(text, with_slips=True) == (area, remark)
    if remark:
        assert AREAS.read(text, with_slips=False) == (text, None)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Swinton Noth", " Did you mean Swinton North (north)?"),
        ("Wardns", " Did you mean Wardens (NRF01)?"),
        ("NRF02", ""),
        ("Atlantis", ""),
        (None, ""),
    ],
)
def test_the_nearest_name_is_offered(text: str | None, hint: str) -> None:
    assert AREAS.hint(text) == hint
