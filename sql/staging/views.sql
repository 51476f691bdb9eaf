-- Shared logic: what several series need, said once.

create view staging.quarters as
select
    calendar.quarter,
    calendar.starts_on,
    calendar.ends_on,
    calendar.due_on,
    calendar.cut_off_on,
    calendar.board_on,
    cast(right(calendar.quarter, 1) as integer) as quarter_number,
    left(calendar.quarter, 7) as financial_year,
    calendar.row_id
from framework.calendar as calendar
where calendar.quarter <= (select max(submissions.quarter) from staging.submissions as submissions where state <> 'refused');

create view staging.targets_in_force as
select quarters.quarter, quarters.cut_off_on, targets.*
from staging.quarters as quarters
inner join framework.targets as targets on targets.since <= quarters.cut_off_on
qualify row_number() over (partition by quarters.quarter, targets.target_id order by targets.since desc) = 1;

create view staging.latest_targets as
select targets.*
from framework.targets as targets
qualify row_number() over (partition by targets.target_id order by targets.since desc) = 1;

create view staging.target_versions as
select
    given.target_id,
    coalesce(given.area_id, home.value) as area_id,
    given.period,
    given.period_start,
    given.period_end,
    given.period_label,
    given.value,
    given.value_status,
    given.lower,
    given.upper,
    coalesce(
        given.published_on,
        cast(given.period_end + to_months(cast(targets.release_lag_months as integer)) as date)
    ) as published_on,
    given.published_on is null as is_lag_used,
    given.quarter,
    given.partner,
    given.received_at,
    given.is_queried,
    given.commentary,
    given.rating,
    given.row_id,
    targets.row_id as target_row_id
from staging.floor_targets as given
inner join staging.latest_targets as targets on given.target_id = targets.target_id
cross join (select value from framework.settings where setting_id = 'home_area') as home;

create view staging.proxy_versions as
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
inner join framework.indicators as indicators on given.indicator_id = indicators.indicator_id;
