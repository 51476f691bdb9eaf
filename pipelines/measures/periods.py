"""Periods beside each other: when the next value comes, the same quarter last year, four quarters together."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipelines.measures.arrays import Floats, Values, days, numbers, words

Days = npt.NDArray[np.datetime64]


def next_release(period_end: Values, frequency_months: Values, lag_months: Values) -> Days:
    """The day by which the next value is due out: one frequency and one release lag after the period's end.

    The end of a month stays the end of a month: a year to 28 February, once a year, 4 months later, is due
    on 30 June. NaT where a part is missing.
    """
    one_day = np.timedelta64(1, "D")
    after = days(period_end) + one_day
    month = after.astype("datetime64[M]")
    months = numbers(frequency_months) + numbers(lag_months)
    is_known = ~np.isnan(months)
    due = month + np.where(is_known, months, 0).astype(int).astype("timedelta64[M]")
    due_day = due.astype("datetime64[D]") + (after - month.astype("datetime64[D]")) - one_day
    return np.where(is_known, due_day, np.datetime64("NaT", "D"))[()]


def year_ago(series: Values, period_start: Values, value: Values) -> Floats:
    """For each value that of the same series a year before, so that seasons cancel; NaN where there is none.

    Rows may come in any order; `series` names the series of each. Periods of a series are of one length.
    """
    return _before(series, period_start, value, 12)


def rolling_four(series: Values, period_start: Values, value: Values) -> Floats:
    """The mean of four quarters, each value's own and the three before; NaN unless all four are there."""
    parts = [numbers(value), *(_before(series, period_start, value, months) for months in (3, 6, 9))]
    return numbers(np.mean(np.stack([np.atleast_1d(part) for part in parts]), axis=0))


def _before(series: Values, period_start: Values, value: Values, months: int) -> Floats:
    """The value of the same series whose period began so many months before."""
    starts = np.atleast_1d(days(period_start)).astype("datetime64[M]").astype(np.int64)
    keys = pd.MultiIndex.from_arrays([np.atleast_1d(words(series)), starts])
    known = pd.Series(np.atleast_1d(numbers(value)), index=keys)
    known = known[~known.index.duplicated()]
    earlier = pd.MultiIndex.from_arrays([np.atleast_1d(words(series)), starts - months])
    return numbers(known.reindex(earlier).to_numpy())
