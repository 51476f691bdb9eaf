"""Five hundred mutated returns: none crashes or hangs us, loses a cell, or is refused without a sentence.

`make fuzz` does the same with ten thousand, and with .ods and .xls files among them.
"""

import random
import sys
from pathlib import Path

import pytest
from grids import sample_framework

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from fuzz import fuzz, seeds
from mutations import OF_ARCHIVES, OF_BYTES, Mutate, mutated

COUNT, SEED = 500, 2004


def test_five_hundred_mutated_returns() -> None:
    tally = fuzz(COUNT, SEED, sample_framework().references)
    assert tally.failures == []
    assert sum(tally.became.values()) == COUNT
    # or the mutations would prove nothing: some must get through to the reading, and some must be refused
    assert tally.became["read"] > COUNT / 10
    assert tally.became["refused"] > COUNT / 10
    assert "refused for their time" not in tally.became


def test_a_seed_and_a_number_give_the_same_file_again() -> None:
    name, data = next(iter(seeds(others=False).items()))
    once, again = (mutated(data, random.Random(f"7 {name}")) for _ in range(2))
    assert once == again
    assert once[0] != data


@pytest.mark.parametrize("mutate", [*OF_ARCHIVES, *OF_BYTES], ids=lambda mutate: mutate.__name__)
def test_every_mutation_changes_something(mutate: Mutate) -> None:
    data = next(data for name, data in seeds(others=False).items() if name.endswith(".xlsx"))
    changes = 0
    for n in range(6):
        try:
            changes += mutate(data, random.Random(n)) != data
        except (ValueError, IndexError):
            continue
    assert changes
