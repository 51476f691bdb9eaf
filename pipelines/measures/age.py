"""How old a value was at the cut-off, and whether a newer one ought to have been out by then."""

import numpy as np

from pipelines.measures.arrays import Floats, Objects, Values, days, numbers, ratio


def age_months(period_end: Values, cut_off: Values) -> Floats:
    """Whole months passed from the end of the period measured to the cut-off.

    Both days are counted as over, so the end of any month to the end of any later month is a whole number
    of months, whatever their lengths: 31 August to 30 June is 10. Whole, not fractional, because release
    lags are stated in whole months and a month that has not passed can't have brought a release late.
    NaN where a date is missing or the period had not ended by the cut-off.
    """
    one_day = np.timedelta64(1, "D")
    start, end = days(period_end) + one_day, days(cut_off) + one_day
    first, last = start.astype("datetime64[M]"), end.astype("datetime64[M]")
    is_part_month = (end - last) < (start - first)
    months = np.where(np.isnat(last - first), np.nan, (last - first) / np.timedelta64(1, "M"))
    return numbers(np.where(start <= end, months - is_part_month, np.nan))


def staleness_index(age_months: Values, frequency_months: Values, lag_months: Values) -> Floats:
    """Age in months ÷ (months between releases + months from period end to release).

    1 is the month in which the next value is due out. NaN where a part is missing or the two add up to 0.
    """
    return ratio(age_months, numbers(frequency_months) + numbers(lag_months))


def is_stale(index: Values, stale_above: Values) -> Objects:
    """True where the staleness index is above the framework's limit, False where not, None where unknown."""
    found, limit = np.broadcast_arrays(numbers(index), numbers(stale_above))
    answer = np.asarray(found > limit).astype(object)
    answer[np.isnan(found) | np.isnan(limit)] = None
    return answer[()]
