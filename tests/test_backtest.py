"""Published figures reproduced from their inputs."""

import numpy as np
import pandas as pd

from pipelines.measures.trajectory import linear


def test_juvenile_nuisance_quarterly_targets_of_the_crime_and_disorder_partnership():
    """domain.md 1.3: Q2 2004 report, "Juvenile nuisance -6% to 9,704 by 2005", from 10,323 a year."""
    quarter_ends = pd.date_range("2002-06-30", "2005-03-31", freq="QE")
    found = linear(10_323 / 4, 9_704 / 4, "2002-03-31", "2005-03-31", quarter_ends)
    printed = [2568, 2555, 2542, 2529, 2516, 2503, 2490, 2478, 2465, 2452, 2439, 2426]
    assert np.round(found).tolist() == printed
