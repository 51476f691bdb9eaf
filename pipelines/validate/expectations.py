"""Expectations of our own, registered with Great Expectations where it has none that fits.

Importing this registers them; it imports Great Expectations, which takes seconds.
"""

from typing import Any

import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics import ColumnMapMetricProvider, column_condition_partial

from pipelines.personal_data import kinds


class ColumnValuesHoldNoPersonalData(ColumnMapMetricProvider):
    """Which texts of a column hold no personal data."""

    condition_metric_name = "column_values.hold_no_personal_data"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: pd.Series, **_: Any) -> pd.Series:
        return column.map(lambda text: not kinds(text)).astype(bool)


class ExpectColumnValuesToHoldNoPersonalData(ColumnMapExpectation):
    """Expect the texts of a column to hold no personal data."""

    map_metric = "column_values.hold_no_personal_data"
