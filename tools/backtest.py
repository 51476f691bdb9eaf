"""How often the outlook was right: every published series, every cut-off, against what came (`make backtest`).

For each district, indicator and cut-off with at least five independent points the outlook is reckoned from
the points up to the cut-off alone, for goals a few steps ahead, and set beside what was then published.
A goal asks for so many times the usual change per step of the series so far, for each step: 0 (no worse than
now), ½, 1 and 2. So it is as hard for life expectancy as for claimants, and fixed at the cut-off.

Printed and, with --write, put into docs/backtest.md: the Brier score of each method (the mean square of
chance less what came, 0 or 1; lower is better), beside "same as last year" and "straight line", which say
only yes or no; and how often goals were reached where the outlook said so much.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipelines.measures import outlook as ahead  # noqa: E402  found beside this tool
from pipelines.measures.arrays import Floats  # noqa: E402

SERIES = ROOT / "samples" / "published_series" / "series.csv"
TABLE = ROOT / "docs" / "backtest.md"
STEPS = (1, 2, 3, 5)
STRETCHES = (0.0, 0.5, 1.0, 2.0)
BANDS = (0.0, 0.25, 0.5, 0.75, 1.0)
NAIVE = ("same as last year", "straight line")
DAY = np.timedelta64(1, "D")


class Trials(NamedTuple):
    """What was known and asked at each cut-off, in the order of the rows of `frame`, and what then came.

    Values are turned so that more is better. `frame`: indicator_id, area_name, steps, stretch, came (0 or 1).
    """

    frame: pd.DataFrame
    values: Floats
    at: Floats
    goal: Floats
    due: Floats


def trials(series: pd.DataFrame) -> Trials:
    """Every cut-off of every series with a goal whose day has come since."""
    rows, values, times = [], [], []
    for (indicator, area), points in series.groupby(["indicator_id", "area_name"], sort=True):
        better = 1.0 if points["polarity"].iloc[0] == "higher is better" else -1.0
        for known, at, future in _cut_offs(points.sort_values("period_end")):
            pace = float(np.median(np.abs(np.diff(known["value"]))))
            last = better * float(known["value"].iloc[-1])
            for steps in STEPS:
                if steps not in future:
                    continue
                for stretch in STRETCHES:
                    goal = last + stretch * steps * pace
                    came = better * future[steps] >= goal - 1e-9
                    rows.append((indicator, area, steps, stretch, float(came), goal, at[-1] + steps))
                    values.append(better * known["value"].to_numpy(float))
                    times.append(at)
    names = ["indicator_id", "area_name", "steps", "stretch", "came", "goal", "due"]
    frame = pd.DataFrame(rows, columns=names)
    return Trials(
        frame, ahead.padded(values), ahead.padded(times), frame["goal"].to_numpy(), frame["due"].to_numpy()
    )


def _cut_offs(points: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, Floats, Mapping[int, float]]]:
    """For each cut-off: independent points up to it, their times in steps, and the values so many steps on."""
    starts = points["period_start"].to_numpy("datetime64[D]")
    ends = points["period_end"].to_numpy("datetime64[D]")
    for last in range(len(points)):
        kept = np.flatnonzero(ahead.independent(starts[: last + 1], ends[: last + 1]))
        if len(kept) < ahead.FEWEST:
            continue
        months = (ends[kept] + DAY).astype("datetime64[M]").astype(int)
        step = int(np.median(np.diff(months)))
        later = (ends[last + 1 :] + DAY).astype("datetime64[M]").astype(int) - months[-1]
        future = {
            steps: float(points["value"].iloc[last + 1 + int(place)])
            for steps in STEPS
            for place in np.flatnonzero(later == steps * step)
        }
        yield points.iloc[kept], (months - months[0]) / step, future


def chances(asked: Trials) -> pd.DataFrame:
    """The chance by each method, by the outlook that packs show, and by the two that say only yes or no."""
    given = (asked.values, asked.at, asked.goal, asked.due)
    found = {name: method(*given).chance for name, method in ahead.METHODS.items()}
    shown = ahead.outlook(*given, np.ones(len(asked.goal)))
    line = ahead.least_squares(*given).value
    return pd.DataFrame(
        {
            "outlook as shown": shown.chance,
            **found,
            NAIVE[0]: (asked.values[:, -1] >= asked.goal - 1e-9).astype(float),
            NAIVE[1]: (line >= asked.goal - 1e-9).astype(float),
        }
    )


def brier(chance: pd.DataFrame, came: "pd.Series[float]") -> "pd.Series[float]":
    """The mean square of chance less what came, for each column."""
    return ((chance.sub(came, axis=0)) ** 2).mean()


def by_group(group: "pd.Series[str]", chance: pd.DataFrame, came: "pd.Series[float]") -> pd.DataFrame:
    """The Brier score of each method (columns) for each group (rows), and how many goals it rests on."""
    scores = {
        name: brier(chance.loc[rows], came.loc[rows]) for name, rows in group.groupby(group).groups.items()
    }
    table = pd.DataFrame(scores).T
    table.insert(0, "goals", group.value_counts().reindex(table.index).astype(int))
    return table


def calibration(chance: "pd.Series[float]", came: "pd.Series[float]") -> pd.DataFrame:
    """For each band of the chance: how many goals, what was said on average, and how many were reached."""
    band = pd.cut(chance, BANDS, include_lowest=True, right=False)
    band = band.fillna(band.cat.categories[-1])
    said = pd.DataFrame({"band": band, "said": chance, "came": came}).groupby("band", observed=True)
    return said.agg(goals=("came", "size"), said=("said", "mean"), reached=("came", "mean"))


def markdown(table: pd.DataFrame, heading: str, places: Mapping[str, str]) -> Sequence[str]:
    """A table in Markdown, its index first."""
    columns = [heading, *map(str, table.columns)]
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    for name, row in table.iterrows():
        cells = [format(value, places.get(str(column), ".3f")) for column, value in row.items()]
        lines.append(f"| {' | '.join([str(name), *cells])} |")
    return lines
