-- One row per value of a proxy as sent: of one period there may be several, from several files.
-- published_on: The day it was known: as the partner says, else the end of the period plus the usual release lag.
-- is_lag_used: Whether nobody said when it was known, so that the usual release lag was used.
-- indicator_row_id: The row of the indicator in the framework.
select
    given.indicator_id,
    given.period,
    given.period_start,
    given.period_end,
    given.period_label,
    given.value,
    given.value_status,
    given.lower,
    given.upper,
    given.numerator,
    given.denominator,
    coalesce(
        given.published_on,
        cast(given.period_end + to_months(cast(indicators.release_lag_months as integer)) as date)
    ) as published_on,
    given.published_on is null as is_lag_used,
    given.quarter,
    given.partner,
    given.received_at,
    given.is_queried,
    given.commentary,
    given.row_id,
    indicators.row_id as indicator_row_id
from staging.proxy_indicators as given
inner join framework.indicators as indicators on given.indicator_id = indicators.indicator_id
