"""How often the outlook was right: every published series, every cut-off, against what came (`make backtest`).

For each district, indicator and cut-off with at least five independent points the outlook is reckoned from
the points up to the cut-off alone, for goals a few steps ahead, and set beside what was then published.
A goal asks for so many times the usual change per step of the series so far, for each step: 0 (no worse than
now), ½, 1 and 2. So it is as hard for life expectancy as for claimants, and fixed at the cut-off.

Printed and, with --write, put into docs/backtest.md: the Brier score of each method (the mean square of
chance less what came, 0 or 1; lower is better), beside "same as last year" and "straight line", which say
only yes or no; and how often goals were reached where the outlook said so much.
"""

import argparse
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
    table = said.agg(goals=("came", "size"), said=("said", "mean"), reached=("came", "mean"))
    table.index = pd.Index([f"{band.left:.0%} to {band.right:.0%}" for band in table.index])
    return table


def markdown(table: pd.DataFrame, heading: str, places: Mapping[str, str]) -> Sequence[str]:
    """A table in Markdown, its index first."""
    columns = [heading, *map(str, table.columns)]
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    for name, row in table.iterrows():
        cells = [format(value, places.get(str(column), ".3f")) for column, value in row.items()]
        lines.append(f"| {' | '.join([str(name), *cells])} |")
    return lines


def report(series: pd.DataFrame) -> list[str]:
    """The whole of docs/backtest.md, line by line."""
    asked = trials(series)
    chance, frame = chances(asked), asked.frame
    came = frame["came"]
    kind = frame["indicator_id"].str.split(":").str[0]
    each = by_group(kind, chance, came)
    overall = each.drop(columns="goals").mean().to_frame("Brier score").sort_values("Brier score")
    overall["all goals alike"] = brier(chance, came)
    whole = {"goals": ".0f"}
    shares = {"goals": ".0f", "said": ".0%", "reached": ".0%"}
    silent = sorted(set(series["indicator_id"].str.split(":").str[0]) - set(kind))
    usual = " and ".join(ahead.USUAL)
    return [
        "# How often the outlook was right",
        "",
        "Written by `make backtest ARGS=--write` from [the published series](../samples/published_series/README.md);",
        "`tests/test_backtest.py` works part of it out again. Nothing here is typed by hand.",
        "",
        f"{len(frame):,} goals, set at every cut-off with at least {ahead.FEWEST} independent points, in "
        f"{frame.groupby(['indicator_id', 'area_name']).ngroups} series; rolling means are thinned to points that do",
        f"not overlap. A goal lies {', '.join(map(str, STEPS))} steps ahead and asks for "
        f"{', '.join(f'{s:g}' for s in STRETCHES)} times the usual change per step.",
        "The Brier score is the mean square of the chance said less what came (0 or 1): lower is better, and always",
        "saying 50% scores 0.25. It is the mean over kinds of indicator, so that the monthly ones don't outvote the",
        "rest.",
        "",
        f"**What packs show** is the middle of {usual}.",
        "",
        "## Which method",
        "",
        *markdown(overall, "method", {}),
        "",
        *_verdict(overall["Brier score"]),
        "",
        "## By indicator",
        "",
        *markdown(each, "indicator", whole),
        "",
        f"Without any goal: {', '.join(silent) or 'none'}, whose series end before a goal set at their first cut-off "
        "is due.",
        "",
        "## By steps ahead",
        "",
        *markdown(by_group(frame["steps"].astype(str), chance, came), "steps", whole),
        "",
        "## By how much was asked for",
        "",
        *markdown(by_group(frame["stretch"].map("{:g} times".format), chance, came), "usual change", whole),
        "",
        "## Is a chance what it says? The outlook as packs show it",
        "",
        *markdown(calibration(chance["outlook as shown"], came), "chance said", shares),
        "",
        "In an outlook that is right, what was reached lies within its band. No goal here is easier than to stay as it",
        "is, so a chance above 75% is rare; in a pack it is that of a target all but reached. The districts are",
        "neighbours and the cut-offs of a series follow each other, so these are far fewer independent trials than",
        "goals; the pair of methods was chosen on these same series, which flatters it.",
    ]


def _verdict(score: "pd.Series[float]") -> list[str]:
    """Which methods do no better than the naive two, and than never saying anything but a half."""
    methods = [*ahead.METHODS, "outlook as shown"]
    naive = min(NAIVE, key=lambda name: score[name])
    lost = [name for name in methods if score[name] >= score[naive]]
    poor = [name for name in methods if name not in lost and score[name] >= 0.25]
    beaten = f"{', '.join(lost)} did no better than it" if lost else "every method did better than it"
    lines = [f'The better of the two that say only yes or no is "{naive}" ({score[naive]:.3f}); {beaten}.']
    if poor:
        lines.append(f"No better than always saying 50%: {', '.join(poor)}.")
    return lines


def main() -> None:
    """Print the report; with --write also keep it as docs/backtest.md."""
    parser = argparse.ArgumentParser(description="How often the outlook was right on published series.")
    parser.add_argument(
        "--series", type=Path, default=SERIES, help="a file with the columns of the usual one"
    )
    parser.add_argument("--write", action="store_true", help="write docs/backtest.md as well")
    options = parser.parse_args()
    if not options.series.is_file():
        sys.exit(f"There is no {options.series}, so there is nothing to look back on.")
    text = "\n".join(report(pd.read_csv(options.series)))
    print(text)
    if options.write:
        TABLE.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
