"""How long the measures take on all of England's districts: 50,000 series of 20 points, in one process.

Prints seconds, those of the processor alone (another job on the machine makes the first longer and not the second),
the share of each measure, and the most memory used. Prints, never judges: the aim is about
60 s on two cores and 2 GiB. The series are drawn at random, and so are their targets and dates.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipelines.measures import control_chart, intervals, recent_trend
from pipelines.measures import outlook as ahead
from pipelines.measures.position import rate
from pipelines.measures.target_types import course
from pipelines.measures.trajectory import needed

SCALE = (("G", 1.0), ("AG", 0.8), ("AR", 0.6), ("R", None))
HB, LB = "higher is better", "lower is better"


def bench(number: int, points: int) -> None:
    """Time each measure over all series."""
    random = np.random.default_rng(2004)
    level = random.uniform(20, 80, (number, 1))
    values = level + np.cumsum(random.normal(0.2, 1, (number, points)), axis=1)
    values = np.clip(values, 1, None)
    polarity = np.where(random.uniform(size=number) < 0.5, HB, LB)
    kinds = random.choice(["ABS_THRESHOLD", "PCT_REDUCTION", "PP_CHANGE", "GAP_REL", "MAX_MULTIPLE"], number)
    shapes = random.choice(["linear", "geometric", "S-curve"], number)
    years = np.arange(2000, 2000 + points)
    starts, ends = (
        np.array([f"{year}-{day}" for year in years], "datetime64[D]") for day in ("01-01", "12-31")
    )
    latest, due = ends[-1], np.datetime64(f"{years[-1] + 4}-12-31")
    series = np.repeat(np.arange(number), points)
    flat, all_starts, all_ends = values.ravel(), np.tile(starts, number), np.tile(ends, number)
    at = np.tile(np.arange(points, dtype=float), (number, 1))
    counts, base = np.rint(flat * 20), np.full(flat.shape, 5_000.0)
    took: dict[str, tuple[float, float]] = {}

    def timed(name: str, what: Callable[[], object]) -> object:
        began = time.perf_counter(), time.process_time()
        found = what()
        took[name] = time.perf_counter() - began[0], time.process_time() - began[1]
        return found

    found = timed(
        "targets and gaps",
        lambda: course(
            kinds, polarity, value=values[:, -1], baseline_value=values[:, 0], stated_value=40.0,
            stated_change=10.0, comparator_value=values[:, -1] * 1.1, comparator_baseline=values[:, 0] * 1.1,
        ),
    )  # fmt: skip
    line = timed(
        "trajectory",
        lambda: needed(shapes, found.baseline, found.goal, ends[0], due, latest, steepness=8.0),
    )
    timed(
        "rating and sentence",
        lambda: rate(
            found.value, found.baseline, found.goal, line, on=latest, target_type=kinds,
            direction=found.direction, is_stale=False, scale=SCALE, early_share=0.1,
        ),
    )  # fmt: skip
    timed("intervals", lambda: intervals.interval(intervals.PROPORTION, counts, base, 100))
    timed(
        "recent trend",
        lambda: recent_trend.recent_trend(
            flat, flat - 1, flat + 1, series, all_starts, all_ends, np.repeat(polarity, points)
        ),
    )
    timed("control chart", lambda: control_chart.chart(flat, series, np.repeat(polarity, points)))
    timed(
        "outlook, all methods",
        lambda: ahead.outlook(
            values,
            at,
            found.goal,
            np.full(number, points + 3.0),
            found.direction,
            methods=list(ahead.METHODS),
        ),
    )
    passed, worked = (sum(times[place] for times in took.values()) for place in (0, 1))
    print(f"{f'{number:,} series of {points} points':<34}{'seconds':>9}{'of work':>9}{'share':>7}")
    for name, (seconds, work) in took.items():
        print(f"{name:<34}{seconds:>9.2f}{work:>9.2f}{work / worked:>7.0%}")
    print(f"{'together (aim: about 60)':<34}{passed:>9.2f}{worked:>9.2f}")
    _memory()


def _memory() -> None:
    """The most memory that this process has used, where the system says (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = peak / (1024**2 if sys.platform == "darwin" else 1024)
    print(f"{'most memory':<34}{megabytes:>8.0f} MB (aim: at most 2,048)")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--series", type=int, default=50_000, help="how many series (default: 50000)")
    parser.add_argument("--points", type=int, default=20, help="how many points each (default: 20)")
    options = parser.parse_args()
    bench(options.series, options.points)
