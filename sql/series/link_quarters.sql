-- One row per proxy per target per quarter: what both had been by its cut-off, period by period of the target.
-- row_id: quarter|target_id|indicator_id.
-- proxy_on: The last day of the proxy's newest period known by the cut-off.
-- starts: The first day of each of the target's periods, oldest first.
-- ends: Their last days.
-- target_values: The target's own values.
-- proxy_values: For each of them the proxy's mean over the same months, and over those of one, two, three and four of its own periods before; none where a value is missing or was counted in another way.
-- target_row_ids: The rows that the target's values were sent in.
-- proxy_row_ids: The rows that the proxy's values were sent in.
-- target_since: The first day of the target's newest way of counting.
with steps as (
    select
        links.target_id,
        links.indicator_id,
        own.horizon,
        own.period_start,
        own.period_end,
        own.value as target_value,
        own.row_id as target_row_id,
        lags.lag,
        indicators.frequency_months,
        date_diff('month', own.period_start, cast(own.period_end + 1 as date)) as months,
        cast(own.period_start - to_months(cast(lags.lag * indicators.frequency_months as integer)) as date) as from_on,
        cast(
            own.period_end + 1 - to_months(cast(lags.lag * indicators.frequency_months as integer)) as date
        ) as before_on
    from framework.proxy_links as links
    inner join framework.indicators as indicators on links.indicator_id = indicators.indicator_id
    inner join staging.known_targets as own
        on links.target_id = own.target_id and own.is_home and own.value is not null
    cross join (select unnest(range(5)) as lag) as lags
),

beside as (
    select
        steps.horizon,
        steps.target_id,
        steps.indicator_id,
        steps.period_start,
        steps.period_end,
        steps.target_value,
        steps.target_row_id,
        steps.lag,
        case
            when count(proxies.value) * any_value(steps.frequency_months) = any_value(steps.months)
                then avg(proxies.value)
        end as proxy_value
    from steps
    left join staging.series_breaks as breaks
        on steps.horizon = breaks.horizon and steps.indicator_id = breaks.series_id
    left join staging.known_proxies as proxies
        on
            steps.horizon = proxies.horizon
            and steps.indicator_id = proxies.indicator_id
            and date_diff('month', proxies.period_start, cast(proxies.period_end + 1 as date)) = steps.frequency_months
            and proxies.period_end >= steps.from_on
            and proxies.period_end < steps.before_on
            and (breaks.since is null or proxies.period_start >= breaks.since)
    group by all
),

periods as (
    select
        beside.* exclude (lag, proxy_value),
        list(beside.proxy_value order by beside.lag) as proxy_values
    from beside
    group by all
),

together as (
    select
        periods.horizon,
        periods.target_id,
        periods.indicator_id,
        list(periods.period_start order by periods.period_end, periods.period_start) as starts,
        list(periods.period_end order by periods.period_end, periods.period_start) as ends,
        list(periods.target_value order by periods.period_end, periods.period_start) as target_values,
        list(periods.proxy_values order by periods.period_end, periods.period_start) as proxy_values,
        list(periods.target_row_id order by periods.period_end, periods.period_start) as target_row_ids
    from periods
    group by all
),

newest as (
    select
        known.horizon,
        known.indicator_id,
        max(known.period_end) as proxy_on,
        list(known.row_id order by known.period_end) as proxy_row_ids
    from staging.known_proxies as known
    where known.value is not null
    group by all
)

select
    quarters.quarter || '|' || links.target_id || '|' || links.indicator_id as row_id,
    quarters.quarter,
    quarters.cut_off_on,
    links.target_id,
    links.indicator_id,
    links.direction,
    targets.polarity,
    indicators.frequency_months,
    indicators.release_lag_months,
    newest.proxy_on,
    together.starts,
    together.ends,
    together.target_values,
    together.proxy_values,
    together.target_row_ids,
    newest.proxy_row_ids,
    breaks.since as target_since
from staging.quarters as quarters
cross join framework.proxy_links as links
inner join framework.indicators as indicators on links.indicator_id = indicators.indicator_id
inner join staging.targets_in_force as targets
    on quarters.quarter = targets.quarter and links.target_id = targets.target_id
left join together
    on
        quarters.quarter = together.horizon
        and links.target_id = together.target_id
        and links.indicator_id = together.indicator_id
left join newest on quarters.quarter = newest.horizon and links.indicator_id = newest.indicator_id
left join staging.series_breaks as breaks on quarters.quarter = breaks.horizon and links.target_id = breaks.series_id
