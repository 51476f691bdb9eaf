-- One row per target per measured period within a horizon: as known at a quarter's cut-off, or latest.
-- row_id: horizon|target_id|period.
-- horizon: The quarter at whose cut-off it was known, or latest.
-- target_row_id: The row of the definition in force.
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
select
    targets.quarter || '|' || targets.target_id || '|' || own.period as row_id,
    targets.quarter as horizon,
    targets.target_id,
    targets.row_id as target_row_id,
    targets.target_type,
    targets.polarity,
    baselines.baseline_value,
    baselines.comparator_baseline,
    baselines.milestone_days,
    baselines.milestone_values,
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
    targets.values_basis as basis,
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
    comparator.value as comparator_value,
    comparator.row_id as comparator_row_id,
    areas.name as comparator_title
from staging.targets_in_force as targets
inner join staging.known_targets as own
    on targets.quarter = own.horizon and targets.target_id = own.target_id and own.is_home
inner join staging.target_baselines as baselines
    on targets.quarter = baselines.quarter and targets.target_id = baselines.target_id
left join staging.known_targets as comparator
    on
        targets.quarter = comparator.horizon
        and targets.target_id = comparator.target_id
        and targets.comparator_area_id = comparator.area_id
        and own.period = comparator.period
left join framework.areas as areas on comparator.area_id = areas.area_id
