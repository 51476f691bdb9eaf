"""An answer explains a figure, or says that it is wrong."""

import pytest

from pipelines.judge.objections import says_it_is_wrong, says_nothing


@pytest.mark.parametrize(
    ("answer", "typed"),
    [
        ("wrong, should be 59,000", "49000"),
        ("59,000", "49,000"),
        ("It is £59,000", "£49,000"),
        ("Sorry, a typing error.", "49000"),
        ("Our mistake", "49000"),
        ("That ought to read sixty", "49000"),
        ("should be Amber", "Green"),
        ("not 49,000: 59,000", "49,000"),
        ("The outturn for the year was £59,000", "49,000"),
        ("Please could somebody change to 59,000", "49,000"),
        ("Please amend to 9,500 as per the attached finance ledger", "£12,000"),
        (
            "Amend the figure from 12,000 to 9,500, which is what the bank statement of the last month says",
            "£12,000",
        ),
        ("Delete this row, it belongs to another project", "£12,000"),
        ("This was entered twice: please ignore.", "£12,000"),
    ],
)
def test_it_says_that_the_figure_is_wrong(answer: str, typed: str) -> None:
    assert says_it_is_wrong(answer, typed)


@pytest.mark.parametrize(
    ("answer", "typed"),
    [
        ("A boiler burst.", "£12,000"),
        ("A last invoice of £10,000 is for work done before April.", "63000"),
        ("It includes £3,000 that was carried over from the year before", "£12,000"),
        ("Right: £12,000, because a boiler burst.", "12000"),
        ("It rose in 2003/04 after the 3rd of May.", "12000"),
        ("Paid on 14 July 2004 for NRF13, as agreed with P_JSA in Q2", "12000"),
        ("Nothing is wrong with it.", "12000"),
        ("No, this is not a mistake.", "12000"),
        ("12 people moved here.", "Dukesgate"),
        ("Agreed with the office.", None),
        ("Revised to reflect the new guidance.", "£12,000"),
        ("Changed to £12,000 after the audit", "12000"),
        ("We did not remove anybody from the register.", "12"),
    ],
)
def test_it_explains_the_figure(answer: str, typed: str | None) -> None:
    assert not says_it_is_wrong(answer, typed)


@pytest.mark.parametrize(
    "answer",
    ["TBC", "?", "n/a", "No", "yes", "OK, thanks", "Will check and come back to you", "To be confirmed",
     "We are checking this", "awaiting finance", "not known", "-"],
)  # fmt: skip
def test_it_says_nothing(answer: str) -> None:
    assert says_nothing(answer)


@pytest.mark.parametrize(
    "answer",
    ["Correct", "Confirmed.", "A boiler burst.", "Yes, a boiler burst", "Checked with finance: two invoices of June",
     "59,000", "Will be 3 fewer next quarter", "No staff until May"],
)  # fmt: skip
def test_it_says_something(answer: str) -> None:
    assert not says_nothing(answer)
