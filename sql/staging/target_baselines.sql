-- One row per target per horizon: what its progress counts from, and the marks on its way.
-- baseline_value: The value in the baseline period: as the framework has it, else as sent, else the mean of its years.
-- baseline_row_ids: The rows sent that the baseline was taken from; none where the framework has it.
-- comparator_baseline: The comparator's value in the baseline period: as the framework has it, else as sent.
-- comparator_baseline_row_id: The row it was sent in, where the framework does not have it.
-- milestone_days: The days of the target's milestones.
-- milestone_values: Their values.
-- milestone_row_ids: Their rows in the framework.
with within as (
    -- what was sent for the baseline period itself, or for the years within it
    select
        targets.quarter,
        targets.target_id,
        known.value,
        known.row_id,
        known.period = targets.baseline_period as is_whole,
        date_diff('month', known.period_start, known.period_end + 1) as months,
        date_diff('month', targets.baseline_period_start, targets.baseline_period_end + 1) as all_months
    from staging.targets_in_force as targets
    inner join staging.known_targets as known
        on
            targets.quarter = known.horizon and targets.target_id = known.target_id and known.is_home
            and known.period_start >= targets.baseline_period_start
            and known.period_end <= targets.baseline_period_end
    where
        targets.baseline_value is null and known.value is not null
        -- end to end: of years that overlap those alone that follow one another from the first day
        and date_diff('month', targets.baseline_period_start, known.period_start) % months = 0
),

sent as (
    select quarter, target_id, avg(value) as value, list(row_id order by row_id) as row_ids
    from (select *, bool_or(is_whole) over (partition by quarter, target_id) as is_sent from within)
    where is_whole = is_sent
    group by quarter, target_id
    -- every month of the period, and in years of one length
    having sum(months) = any_value(all_months) and count(distinct months) = 1
),

stones as (
    select
        target_id,
        list(reach_by order by reach_by) as days,
        list(reach_value order by reach_by) as values,
        list(row_id order by reach_by) as row_ids
    from framework.milestones
    group by target_id
)

select
    targets.quarter,
    targets.target_id,
    coalesce(targets.baseline_value, sent.value) as baseline_value,
    sent.row_ids as baseline_row_ids,
    coalesce(targets.baseline_comparator, there.value) as comparator_baseline,
    case when targets.baseline_comparator is null then there.row_id end as comparator_baseline_row_id,
    stones.days as milestone_days,
    stones.values as milestone_values,
    stones.row_ids as milestone_row_ids
from staging.targets_in_force as targets
left join sent on targets.quarter = sent.quarter and targets.target_id = sent.target_id
left join stones on targets.target_id = stones.target_id
left join staging.known_targets as there
    on
        targets.quarter = there.horizon and targets.target_id = there.target_id
        and targets.comparator_area_id = there.area_id and targets.baseline_period = there.period
