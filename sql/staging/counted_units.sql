-- One row per period within a horizon of a target that counts units: how many of them are below its floor.
-- Every unit that ever sent a value, or a confidential one, counts as expected while it exists; with one missing, or
-- hidden, there is a period and no value.
-- horizon: The quarter at whose cut-off it was known, or latest.
-- is_home: True: the units are the partnership's own.
-- row_id: units:horizon|target_id|period.
-- target_row_id: The row of the target in the framework.
-- is_lag_used: Whether nobody said when one of the values was published.
-- unit_row_ids: The rows that the units' values were sent in.
with units as (
    select distinct horizon, target_id, area_id from staging.unit_values where value is not null or value_status = 'c'
),

periods as (
    select distinct horizon, target_id, period, period_start, period_end from staging.unit_values
),

expected as (
    select periods.horizon, periods.target_id, periods.period, count(distinct units.area_id) as number
    from periods
    inner join units on periods.horizon = units.horizon and periods.target_id = units.target_id
    inner join framework.areas as areas
        on
            units.area_id = areas.area_id
            and coalesce(areas.since, periods.period_end) <= periods.period_end
            and coalesce(areas.until, periods.period_start) >= periods.period_start
    group by all
),

counted as (
    select
        horizon,
        target_id,
        target_row_id,
        target_unit,
        period,
        period_start,
        period_end,
        period_label,
        count(value) as number,
        count(*) filter (is_below) as below,
        count(*) filter (value_status = 'c') as hidden,
        max(published_on) as published_on,
        bool_or(is_lag_used) as is_lag_used,
        max(quarter) as quarter,
        max_by(partner, received_at) as partner,
        max(received_at) as received_at,
        bool_or(is_queried) as is_queried,
        list(value_row_id order by area_id) as unit_row_ids
    from staging.unit_values
    group by all
)

select
    counted.horizon,
    counted.target_id,
    home.value as area_id,
    counted.period,
    counted.period_start,
    counted.period_end,
    counted.period_label,
    case
        when counted.number = expected.number
            then counted.below * case counted.target_unit when '%' then 100.0 / nullif(counted.number, 0) else 1.0 end
    end as value,
    case when counted.number = expected.number then null when counted.hidden > 0 then 'c' else 'x' end as value_status,
    cast(null as double) as lower,
    cast(null as double) as upper,
    cast(null as double) as numerator,
    cast(null as double) as denominator,
    cast(null as double) as gap_published,
    counted.published_on,
    counted.is_lag_used,
    counted.quarter,
    counted.partner,
    counted.received_at,
    counted.is_queried,
    cast(null as varchar) as commentary,
    cast(null as varchar) as rating,
    concat_ws('|', 'units:' || counted.horizon, counted.target_id, counted.period) as row_id,
    counted.target_row_id,
    true as is_home,
    counted.unit_row_ids
from counted
left join expected
    on counted.horizon = expected.horizon and counted.target_id = expected.target_id and counted.period = expected.period
cross join (select settings.value from framework.settings as settings where settings.setting_id = 'home_area') as home
