"""Whether two cells hold the same value."""

import pytest

from pipelines.contract import Column
from pipelines.judge.same import same_value
from pipelines.personal_data import kinds

MONEY = Column("spend", "Spend", "money", unit="GBP")
NOTE = Column("note", "Note", "text")


@pytest.mark.parametrize(
    ("one", "other", "column", "same"),
    [
        ("£12,000", "12000", MONEY, True),
        ("500", "-500", MONEY, False),
        ("(500)", "500", MONEY, False),
        ("1.2", "12", MONEY, False),
        ("(500)", "-500", MONEY, True),
        ("£500-", "(500)", MONEY, True),
        ("Late", " late ", NOTE, True),
        (None, "12", MONEY, False),
        (None, None, MONEY, True),
    ],
)
def test_same_value(one: str | None, other: str | None, column: Column, same: bool) -> None:
    assert same_value(one, other, column) is same


def test_a_cell_full_of_letters_holds_no_personal_data_and_is_soon_known_for_it() -> None:
    """A form that tried every beginning would take hours over these."""
    assert kinds("a" * 30_000) == kinds("0" * 30_000) == []
    assert kinds("write to a.b@example.org") == ["an e-mail address"]
