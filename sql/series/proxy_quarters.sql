-- One row per proxy per target per quarter: what was known of it at the quarter's cut-off.
-- row_id: quarter|target_id|indicator_id.
-- link_row_id: The row that links proxy and target.
-- indicator_row_id: The row of the indicator in the framework.
-- latest_period: The newest period known by the cut-off.
-- latest_on: Its last day.
-- latest_label: The period, as people say it.
-- latest_value: Its value, in the proxy's unit.
-- latest_status: Its mark.
-- latest_row_id: The row it was sent in.
-- previous_value: The value of the measured period before, as long as the latest and counted in the same way.
-- previous_label: That period.
-- previous_row_id: The row it was sent in.
with ranked as (
    select
        known.*,
        row_number() over (partition by horizon, indicator_id order by period_end desc, period_start desc) as place,
        split_part(period, '/', 2) as length,
        (
            select max(breaks.from_on)
            from framework.breaks as breaks
            where breaks.series_id = known.indicator_id and breaks.from_on <= known.period_start
        ) as counted_since
    from staging.known_proxies as known
    where known.value is not null
),

-- a month says nothing about a quarter, nor a count about one that was counted in another way
alike as (
    select
        *,
        row_number() over (partition by horizon, indicator_id, length, counted_since order by period_end desc, period_start desc) as place_alike
    from ranked
)

select
    quarters.quarter || '|' || links.target_id || '|' || links.indicator_id as row_id,
    quarters.quarter,
    quarters.cut_off_on,
    links.target_id,
    links.indicator_id,
    links.row_id as link_row_id,
    indicators.row_id as indicator_row_id,
    indicators.frequency_months,
    indicators.release_lag_months,
    latest.period as latest_period,
    latest.period_end as latest_on,
    latest.period_label as latest_label,
    latest.value as latest_value,
    latest.value_status as latest_status,
    latest.published_on,
    latest.is_lag_used,
    latest.is_queried,
    latest.partner,
    latest.row_id as latest_row_id,
    previous.value as previous_value,
    previous.period_label as previous_label,
    previous.row_id as previous_row_id
from staging.quarters as quarters
cross join framework.proxy_links as links
inner join framework.indicators as indicators on links.indicator_id = indicators.indicator_id
left join alike as latest
    on quarters.quarter = latest.horizon and links.indicator_id = latest.indicator_id and latest.place = 1
left join alike as previous
    on
        quarters.quarter = previous.horizon
        and links.indicator_id = previous.indicator_id
        and latest.length = previous.length
        and latest.counted_since is not distinct from previous.counted_since
        and previous.place_alike = 2
