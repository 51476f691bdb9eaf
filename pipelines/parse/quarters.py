"""A cell that names one quarter of the financial year."""

from pipelines.parse.ends import is_month_end
from pipelines.parse.parsed import Parsed, problem
from pipelines.parse.periods import read_period
from pipelines.parse.spans import APRIL, Period, months_in
from pipelines.parse.typed import shown

_QUARTER = 3  # months


def read_quarter(raw: object, number_format: str | None, quarter: str | None = None) -> Parsed:
    """A cell of a quarter column. `raw` is no blank and no error; the value is a key such as 2012-13-Q1."""
    read = read_period(raw, number_format, "financial", quarter)
    if read.status:
        return read
    period = read.value
    if not isinstance(period, Period):
        return problem(
            f"We can't tell which quarter {shown(raw)} is. "
            "Type the quarter and both years of the financial year, as in Q1 2012/13."
        )
    if months_in(period) == _QUARTER and period.start.month % _QUARTER == 1:
        return Parsed(quarter_key(period), remark=read.remark)
    if not months_in(period) and is_month_end(period.end) and period.end.month % _QUARTER == 0:
        remark = f"We read {shown(raw)} as the quarter that ends on that day. Please confirm."
        return Parsed(quarter_key(period), remark=remark)
    return problem(f"We found {shown(raw)}, which is no quarter. Type it as in Q1 2012/13.")


def quarter_key(period: Period) -> str:
    """The key of the quarter in which a period ends: 2012-13-Q1 for April to June 2012."""
    months = period.end.year * 12 + period.end.month - APRIL
    year = months // 12
    return f"{year}-{(year + 1) % 100:02d}-Q{months % 12 // _QUARTER + 1}"
