"""Position and outlook together, and composite targets."""

import itertools

import pytest

from pipelines.measures.overall import of_elements, overall

SCALE = ["G", "AG", "AR", "R"]


def test_methods_c7_the_worse_of_the_two():
    """methods.md C7: r .8421 is AG, p .3139 is AR: AR."""
    found = overall("AG", "AR", SCALE)
    assert (found.rating, found.mark) == ("AR", None)


@pytest.mark.parametrize(
    ("position", "outlook", "rating", "mark"),
    [("AG", None, "AG", "u"), (None, "R", "R", "u"), (None, None, None, "x"), ("G", "G", "G", None)],
)
def test_one_that_is_missing_is_marked(position, outlook, rating, mark):
    found = overall([position], [outlook], SCALE)
    assert (found.rating.tolist(), found.mark.tolist()) == ([rating], [mark])


def test_once_due_no_outlook_is_missed():
    found = overall(["AG", None], [None, None], SCALE, is_due=True)
    assert (found.rating.tolist(), found.mark.tolist()) == (["AG", None], [None, "x"])


def test_overall_is_never_better_than_either():
    rank = {code: place for place, code in enumerate(SCALE)}
    for position, outlook in itertools.product(SCALE, SCALE):
        assert rank[str(overall(position, outlook, SCALE).rating)] == max(rank[position], rank[outlook])


@pytest.mark.parametrize(
    ("elements", "rating"),
    [
        (["G", "G"], "G"),
        (["G", "AR"], "AR"),
        (["G", None], None),  # one that is not known can't be taken for passed
        (["R", None], "R"),  # and one that has failed is enough
        ([None, None], None),
    ],
)
def test_all_elements_must_pass(elements, rating):
    """domain.md 1.1: life expectancy, male and female."""
    found = of_elements(["LE", "LE", None], [*elements, "R"], SCALE)
    assert found.index.tolist() == ["LE"]
    assert found["rating"].tolist() == [rating]
    assert found[["elements", "rated"]].values.tolist() == [[2, sum(e is not None for e in elements)]]


def test_without_composites_there_is_nothing():
    assert of_elements([None, None], ["G", "R"], SCALE).empty
