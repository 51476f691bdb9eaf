-- One row per proxy per measured period within a horizon: as known at a quarter's cut-off, or latest.
-- row_id: horizon|indicator_id|period.
-- horizon: The quarter at whose cut-off it was known, or latest.
-- months: How many months the period covers.
-- counted_since: The day from which the series was counted anew for the last time before the period, if it was.
-- is_charted: Whether the value belongs in a control chart: a month or a quarter, as often as the indicator comes.
-- indicator_row_id: The row of the indicator in the framework.
-- value_row_id: The row the value was sent in.
-- chart_row_ids: The rows of all the values that stand in its control chart.
-- chart_until: The period of the last of them.
-- year_ago_value: The value of the same period a year before, counted in the same way.
-- year_ago_row_id: The row it was sent in.
-- year_values: The values of the twelve months that end with the period, oldest first, where there is one for each.
-- year_row_ids: The rows they were sent in.
with known as (
    select
        proxies.*,
        date_diff('month', proxies.period_start, cast(proxies.period_end + 1 as date)) as months,
        (
            select max(breaks.from_on)
            from framework.breaks as breaks
            where breaks.series_id = proxies.indicator_id and breaks.from_on <= proxies.period_start
        ) as counted_since
    from staging.known_proxies as proxies
),

charted as (
    select
        known.horizon,
        known.indicator_id,
        known.counted_since,
        known.months,
        list(known.row_id order by known.period_end) as chart_row_ids,
        last(known.period order by known.period_end) as chart_until
    from known
    where known.value is not null
    group by all
),

years as (
    select
        latest.horizon,
        latest.indicator_id,
        latest.period,
        list(earlier.value order by earlier.period_end) as year_values,
        list(earlier.row_id order by earlier.period_end) as year_row_ids
    from known as latest
    inner join known as earlier
        on
            latest.horizon = earlier.horizon
            and latest.indicator_id = earlier.indicator_id
            and latest.months = earlier.months
            and latest.counted_since is not distinct from earlier.counted_since
            and earlier.period_end <= latest.period_end
            and earlier.period_start > latest.period_end - to_months(12)
            -- end to end: of rolling quarters those alone that do not overlap
            and date_diff('month', earlier.period_start, cast(latest.period_end + 1 as date)) % latest.months = 0
    where latest.months > 0 and earlier.value is not null
    group by all
    having sum(earlier.months) = 12
)

select
    known.horizon || '|' || known.indicator_id || '|' || known.period as row_id,
    known.horizon,
    known.indicator_id,
    indicators.row_id as indicator_row_id,
    indicators.polarity,
    indicators.target_value,
    known.period,
    known.period_label,
    known.period_start,
    known.period_end,
    known.months,
    known.counted_since,
    known.months = indicators.frequency_months and known.months <= 3 as is_charted,
    known.value,
    known.value_status,
    known.lower,
    known.upper,
    known.is_queried,
    known.row_id as value_row_id,
    charted.chart_row_ids,
    charted.chart_until,
    ago.value as year_ago_value,
    ago.row_id as year_ago_row_id,
    years.year_values,
    years.year_row_ids
from known
inner join framework.indicators as indicators on known.indicator_id = indicators.indicator_id
left join charted
    on
        known.horizon = charted.horizon
        and known.indicator_id = charted.indicator_id
        and known.months = charted.months
        and known.counted_since is not distinct from charted.counted_since
left join known as ago
    on
        known.horizon = ago.horizon
        and known.indicator_id = ago.indicator_id
        and known.months = ago.months
        and known.counted_since is not distinct from ago.counted_since
        and ago.period_start = known.period_start - to_months(12)
left join years
    on
        known.horizon = years.horizon
        and known.indicator_id = years.indicator_id
        and known.period = years.period
