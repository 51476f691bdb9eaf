"""The backtest of the outlook: on series made for it, on the published ones, and the table in the docs."""

import csv
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sample_files import ROOT

from pipelines.measures import outlook as ahead

SHARED = ROOT.parent / "shared" / "figures" / "published_series.csv"


def _tool():
    spec = importlib.util.spec_from_file_location("backtest", ROOT / "tools" / "backtest.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["backtest"] = module
    spec.loader.exec_module(module)
    return module


backtest = _tool()


def made(values, polarity="higher is better", years=1, first=2000):
    """A yearly series, or one of rolling years."""
    rows = [
        ("it", "here", polarity, f"{year}-01-01", f"{year + years - 1}-12-31", value)
        for year, value in enumerate(values, first)
    ]
    names = ["indicator_id", "area_name", "polarity", "period_start", "period_end", "value"]
    return pd.DataFrame(rows, columns=names)


def test_a_goal_is_set_by_what_was_known_and_judged_by_what_came():
    """Five values up to 2004, usual change 1: half a usual change for one step asks for 4.5 in 2005."""
    asked = backtest.trials(made([0, 1, 2, 3, 4, 4.6]))
    assert asked.frame[["steps", "stretch", "goal", "came"]].values.tolist() == [
        [1, 0.0, 4.0, 1.0],
        [1, 0.5, 4.5, 1.0],
        [1, 1.0, 5.0, 0.0],
        [1, 2.0, 6.0, 0.0],
    ]
    np.testing.assert_array_equal(asked.values[0], [0, 1, 2, 3, 4])


def test_where_lower_is_better_everything_is_turned():
    up, down = made([0, 1, 2, 3, 4, 4.6]), made([0, -1, -2, -3, -4, -4.6], "lower is better")
    assert backtest.trials(up).frame.equals(backtest.trials(down).frame)


def test_rolling_means_are_thinned_and_a_step_is_their_length():
    """Fifteen three-year means: from the thirteenth on there are five that share no year."""
    asked = backtest.trials(made(range(16), years=3))
    assert asked.values.shape[1] == 5
    assert asked.frame["steps"].unique().tolist() == [1]  # three years on, and the series ends
    np.testing.assert_array_equal(asked.values[0], [0, 3, 6, 9, 12])


def test_scores_and_calibration_by_hand():
    chance, came = pd.DataFrame({"a": [0.8, 0.4], "b": [1.0, 1.0]}), pd.Series([1.0, 0.0])
    assert backtest.brier(chance, came).tolist() == pytest.approx([(0.04 + 0.16) / 2, 0.5])
    table = backtest.calibration(pd.Series([0.1, 0.2, 0.8, 1.0]), pd.Series([0.0, 1.0, 1.0, 1.0]))
    assert table.index.tolist() == ["0% to 25%", "75% to 100%"]
    assert table.values.tolist() == [[2, pytest.approx(0.15), 0.5], [2, pytest.approx(0.9), 1.0]]


@pytest.fixture(scope="module")
def published():
    return pd.read_csv(backtest.SERIES)


def test_the_table_in_the_docs_is_what_the_tool_finds(published):
    """One indicator worked out again: its line stands in docs/backtest.md."""
    asked = backtest.trials(published[published["indicator_id"] == "gcse_5ac"])
    chance = backtest.chances(asked)
    table = backtest.by_group(asked.frame["indicator_id"], chance, asked.frame["came"])
    line = backtest.markdown(table, "indicator", {"goals": ".0f"})[-1]
    assert line in backtest.TABLE.read_text(encoding="utf-8").splitlines()


def test_the_methods_that_packs_use_beat_the_naive_ones_on_every_indicator(published):
    """If this fails, the default is the wrong one: see docs/backtest.md and choose the better."""
    asked = backtest.trials(published)
    kind = asked.frame["indicator_id"].str.split(":").str[0]
    table = backtest.by_group(kind, backtest.chances(asked), asked.frame["came"])
    assert len(table) == 9
    assert (table["outlook as shown"] < table[list(backtest.NAIVE)].min(axis=1)).all()


def test_every_published_value_has_its_source(published):
    assert published["source"].str.contains("/").all()
    assert len(published) == len(published.drop_duplicates(["indicator_id", "area_code", "period_end"]))


@pytest.mark.skipif(not SHARED.is_file(), reason="the collection that the series were taken from is not here")
def test_the_series_are_those_of_the_collection(published):
    with SHARED.open(encoding="utf-8", newline="") as lines:
        held = {(row["indicator_id"], row["area_code"], row["period"]): row for row in csv.DictReader(lines)}
    for row in published.itertuples():
        there = held[row.indicator_id, row.area_code, str(row.period)]
        assert float(there["value"]) == pytest.approx(row.value, abs=5.1e-5)
        assert there["source"] == row.source


def test_without_its_series_the_tool_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", ["backtest.py", "--series", str(tmp_path / "none.csv")])
    with pytest.raises(SystemExit, match="so there is nothing to look back on"):
        backtest.main()


def test_the_usual_methods_are_methods():
    assert set(ahead.USUAL) <= set(ahead.METHODS)
