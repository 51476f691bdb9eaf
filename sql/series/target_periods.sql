-- One row per target per measured period within a horizon: as known at a quarter's cut-off, or latest.
-- row_id: horizon|target_id|period.
-- horizon: The quarter at whose cut-off it was known, or latest.
-- target_row_id: The row of the definition in force.
-- places: Decimal places to show.
-- baseline_on: The last day of the baseline period.
-- due_on: The last day of the target period.
-- stated_value: What the target states as a value, gap or multiple to reach.
-- stated_change: What the target states as the size of a change.
-- trajectory: The shape of its trajectory; blank for a straight line.
-- is_baseline_broken: Whether the baseline was counted in another way than the value.
-- value_row_id: The row the value was sent in.
-- comparator_value: The value of the area it is compared with, for the same period.
-- comparator_row_id: The row it was sent in.
-- comparator_title: The name of that area.
-- basis: How far the value can be relied on; of the baseline's period that of the baseline, where it is the same value.
-- basis_column: The column of the framework that says so.
-- counted_since: The day from which the series was counted anew for the last time before the period, if it was.
-- year_ago_row_id: The row of the same quarter a year before, counted in the same way.
-- four_row_ids: The rows of a quarter and the three before it, where all four are there and counted in the same way.
with known as (
    select
        known.*,
        (
            select max(breaks.from_on)
            from framework.breaks as breaks
            where breaks.series_id = known.target_id and breaks.from_on <= known.period_start
        ) as counted_since
    from staging.known_targets as known
    where known.is_home
),

quarterly as (
    select * from known where value is not null and period like '%/P3M'
),

beside as (
    select
        latest.horizon,
        latest.target_id,
        latest.period,
        max(earlier.row_id) filter (earlier.period_start = latest.period_start - to_months(12)) as year_ago_row_id,
        list(earlier.row_id order by earlier.period_start)
            filter (
                earlier.period_start > latest.period_start - to_months(12)
                -- end to end: of rolling quarters those alone that do not overlap
                and date_diff('month', earlier.period_start, latest.period_start) % 3 = 0
            ) as four_row_ids
    from quarterly as latest
    inner join quarterly as earlier
        on
            latest.horizon = earlier.horizon
            and latest.target_id = earlier.target_id
            and latest.counted_since is not distinct from earlier.counted_since
            and earlier.period_start between latest.period_start - to_months(12) and latest.period_start
    group by all
)

select
    targets.quarter || '|' || targets.target_id || '|' || own.period as row_id,
    targets.quarter as horizon,
    targets.target_id,
    targets.row_id as target_row_id,
    targets.target_type,
    targets.polarity,
    targets.places,
    baselines.baseline_value,
    baselines.comparator_baseline,
    baselines.milestone_days,
    baselines.milestone_values,
    baselines.milestone_row_ids,
    baselines.baseline_row_ids,
    baselines.comparator_baseline_row_id,
    targets.baseline_period_end as baseline_on,
    targets.target_period_end as due_on,
    targets.target_value as stated_value,
    targets.target_change as stated_change,
    targets.trajectory,
    targets.baseline_counted is distinct from 'as it is now' and exists (
        select 1 from framework.breaks as breaks
        where
            breaks.series_id = targets.target_id
            and breaks.from_on > targets.baseline_period_end and breaks.from_on <= own.period_end
    ) as is_baseline_broken,
    -- the baseline's own period, as the framework gives it: one figure, and so one basis
    case when baseline.is_it then targets.baseline_basis else targets.values_basis end as basis,
    case when baseline.is_it then 'baseline_basis' else 'values_basis' end as basis_column,
    own.period,
    own.period_start,
    own.period_end,
    own.period_label,
    own.value,
    own.value_status,
    own.lower,
    own.upper,
    own.gap_published,
    own.published_on,
    own.is_lag_used,
    own.is_queried,
    own.row_id as value_row_id,
    own.counted_since,
    beside.year_ago_row_id,
    case when len(beside.four_row_ids) = 4 then beside.four_row_ids end as four_row_ids,
    comparator.value as comparator_value,
    comparator.row_id as comparator_row_id,
    areas.name as comparator_title
from staging.targets_in_force as targets
inner join known as own
    on targets.quarter = own.horizon and targets.target_id = own.target_id
left join beside
    on targets.quarter = beside.horizon and targets.target_id = beside.target_id and own.period = beside.period
inner join staging.target_baselines as baselines
    on targets.quarter = baselines.quarter and targets.target_id = baselines.target_id
left join staging.known_targets as comparator
    on
        targets.quarter = comparator.horizon
        and targets.target_id = comparator.target_id
        and targets.comparator_area_id = comparator.area_id
        and own.period = comparator.period
left join framework.areas as areas on comparator.area_id = areas.area_id
cross join lateral (
    select
        targets.baseline_basis is not null and own.period = targets.baseline_period
        and own.value is not distinct from targets.baseline_value as is_it
) as baseline
