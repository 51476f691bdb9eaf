"""Is an area better or worse than another, or is the difference no more than chance?"""

import numpy as np

from pipelines.measures.arrays import Objects, Values, first_that_holds, numbers
from pipelines.measures.target_types import direction

BETTER, SIMILAR, WORSE, HIGHER, LOWER = "better", "similar", "worse", "higher", "lower"


def compare(benchmark_value: Values, lower: Values, upper: Values, polarity: Values) -> Objects:
    """Each area beside its benchmark: better, worse or similar; higher or lower where neither way is better.

    `lower` and `upper` are the 95% limits of the area's own value. Only where the benchmark's value lies
    outside them does the area differ; on a limit it does not. None where a limit or the benchmark is missing:
    without an interval nothing is compared. Source: the benchmarking method of Fingertips (OHID).
    """
    value, low, high, d = np.broadcast_arrays(
        numbers(benchmark_value), numbers(lower), numbers(upper), direction(polarity)
    )
    way = np.where(value < low, 1.0, np.where(value > high, -1.0, 0.0))  # +1: the area lies above
    return first_that_holds(
        [
            (np.isnan(value + low + high), None),
            (way == 0, SIMILAR),
            (np.isnan(d) & (way > 0), HIGHER),
            (np.isnan(d), LOWER),
            (way * d > 0, BETTER),
        ],
        WORSE,
    )
