-- One row per target per quarter: what was known of it at the quarter's cut-off.
-- row_id: quarter|target_id.
-- target_row_id: The row of the definition in force.
-- baseline_on: The last day of the baseline period.
-- due_on: The last day of the target period.
-- stated_value: What the target states as a value, gap or multiple to reach.
-- stated_change: What the target states as the size of a change.
-- trajectory: The shape of its trajectory; blank for a straight line.
-- break_on: The first day counted as the latest value is, where the series has a break up to then.
-- break_reason: What changed on that day.
-- is_baseline_broken: Whether the baseline was counted in another way than the latest value.
-- latest_period: The newest period published by the cut-off.
-- latest_on: Its last day.
-- latest_label: The period, as people say it.
-- unit: The unit of its values.
-- places: Decimal places to show.
-- latest_value: Its value, in the target's unit.
-- latest_status: Its mark.
-- latest_lower: Lower end of its 95% confidence interval.
-- latest_upper: Upper end of its 95% confidence interval.
-- latest_row_id: The row it was sent in.
-- commentary_row_id: The row with what the partner says of it in the return of the quarter.
-- previous_value: The value of the measured period before, as long as the latest and counted in the same way.
-- previous_label: That period.
-- previous_row_id: The row it was sent in.
-- comparator_title: The area it is compared with.
-- comparator_value: The value of the area it is compared with, for the same period.
-- comparator_row_id: The row it was sent in.
-- withheld_label: A newer period that was sent without a value.
-- withheld_status: Why it has none: c confidential, x not available and so on.
-- withheld_row_id: The row it was sent in.
-- history_starts: First days of the measured periods since the break, oldest first.
-- history_ends: Their last days.
-- history_values: Their values.
-- history_comparators: The comparator's values for the same periods.
-- history_row_ids: The rows that the values were sent in.
-- history_comparator_row_ids: The rows that the comparator's values were sent in.
-- rating_partner: The partner's own rating in the quarter's return.
-- rating_row_id: The row it was sent in.
with ranked as (
    select
        known.*,
        row_number() over (partition by horizon, target_id order by period_end desc, period_start desc) as place,
        split_part(period, '/', 2) as length,
        row_number() over (partition by horizon, target_id, length order by period_end desc, period_start desc) as place_alike
    from staging.known_targets as known
    where known.is_home and known.value is not null
),

breaks as (
    -- the newest break up to the latest value
    select
        ranked.horizon,
        ranked.target_id,
        max(breaks.from_on) as from_on,
        arg_max(breaks.reason, breaks.from_on) as reason
    from ranked
    inner join framework.breaks as breaks on ranked.target_id = breaks.series_id and breaks.from_on <= ranked.period_end
    where ranked.place = 1
    group by ranked.horizon, ranked.target_id
),

points as (
    select
        known.horizon,
        known.target_id,
        list(known.period_start order by known.period_end, known.period_start) as starts,
        list(known.period_end order by known.period_end, known.period_start) as ends,
        list(known.value order by known.period_end, known.period_start) as values,
        list(there.value order by known.period_end, known.period_start) as comparators,
        list(known.row_id order by known.period_end, known.period_start) as row_ids,
        list(there.row_id order by known.period_end, known.period_start) as comparator_row_ids
    from staging.known_targets as known
    inner join staging.targets_in_force as targets
        on known.horizon = targets.quarter and known.target_id = targets.target_id
    left join breaks on known.horizon = breaks.horizon and known.target_id = breaks.target_id
    left join staging.known_targets as there
        on
            known.horizon = there.horizon and known.target_id = there.target_id
            and targets.comparator_area_id = there.area_id and known.period = there.period
    where
        known.is_home and known.value is not null
        and (breaks.from_on is null or known.period_start >= breaks.from_on)
    group by known.horizon, known.target_id
),

withheld as (
    -- the newest period, where it was sent without a value: suppressed, not available
    select known.*
    from staging.known_targets as known
    left join ranked
        on known.horizon = ranked.horizon and known.target_id = ranked.target_id and ranked.place = 1
    where known.is_home and known.value is null and known.period_end > coalesce(ranked.period_end, date '0001-01-01')
    qualify row_number() over (
        partition by known.horizon, known.target_id order by known.period_end desc, known.period_start desc
    ) = 1
),

own_rating as (
    select versions.quarter, versions.target_id, versions.rating, versions.row_id
    from staging.target_versions as versions
    inner join framework.settings as home on home.setting_id = 'home_area' and versions.area_id = home.value
    where versions.rating is not null
    qualify row_number() over (
        partition by versions.quarter, versions.target_id
        order by versions.period_end desc, versions.received_at desc, versions.row_id desc
    ) = 1
),

-- a comment is of the quarter it was sent for, also where the value beside it is missing; an older one is no news
said as (
    select known.horizon, known.target_id, known.commentary, known.row_id
    from staging.known_values as known
    where known.is_home and known.commentary is not null and known.quarter = known.horizon
    qualify row_number() over (
        partition by known.horizon, known.target_id
        order by known.period_end desc, known.received_at desc, known.row_id desc
    ) = 1
)

select
    targets.quarter || '|' || targets.target_id as row_id,
    targets.quarter,
    targets.target_id,
    targets.row_id as target_row_id,
    targets.cut_off_on,
    targets.target_type,
    targets.polarity,
    baselines.baseline_value,
    baselines.baseline_row_ids,
    baselines.comparator_baseline,
    baselines.comparator_baseline_row_id,
    baselines.milestone_days,
    baselines.milestone_values,
    baselines.milestone_row_ids,
    targets.baseline_period_end as baseline_on,
    targets.target_period_end as due_on,
    targets.target_period_label,
    targets.target_value as stated_value,
    targets.target_change as stated_change,
    targets.trajectory,
    targets.composite_id,
    targets.unit,
    targets.places,
    targets.frequency_months,
    targets.release_lag_months,
    latest.period as latest_period,
    latest.period_end as latest_on,
    latest.period_label as latest_label,
    latest.value as latest_value,
    latest.value_status as latest_status,
    latest.lower as latest_lower,
    latest.upper as latest_upper,
    latest.gap_published,
    latest.published_on,
    latest.is_lag_used,
    latest.is_queried,
    said.commentary,
    said.row_id as commentary_row_id,
    latest.row_id as latest_row_id,
    previous.value as previous_value,
    previous.period_label as previous_label,
    previous.row_id as previous_row_id,
    areas.name as comparator_title,
    comparator.value as comparator_value,
    comparator.row_id as comparator_row_id,
    breaks.from_on as break_on,
    breaks.reason as break_reason,
    coalesce(
        targets.baseline_period_end < breaks.from_on and targets.baseline_counted is distinct from 'as it is now', false
    ) as is_baseline_broken,
    points.starts as history_starts,
    points.ends as history_ends,
    points.values as history_values,
    points.comparators as history_comparators,
    points.row_ids as history_row_ids,
    points.comparator_row_ids as history_comparator_row_ids,
    withheld.period_label as withheld_label,
    withheld.value_status as withheld_status,
    withheld.row_id as withheld_row_id,
    own_rating.rating as rating_partner,
    own_rating.row_id as rating_row_id
from staging.targets_in_force as targets
left join ranked as latest
    on targets.quarter = latest.horizon and targets.target_id = latest.target_id and latest.place = 1
left join said on targets.quarter = said.horizon and targets.target_id = said.target_id
left join breaks on targets.quarter = breaks.horizon and targets.target_id = breaks.target_id
left join ranked as previous
    on
        targets.quarter = previous.horizon and targets.target_id = previous.target_id
        and latest.length = previous.length and previous.place_alike = 2
        and (breaks.from_on is null or previous.period_start >= breaks.from_on)
inner join staging.target_baselines as baselines
    on targets.quarter = baselines.quarter and targets.target_id = baselines.target_id
left join points on targets.quarter = points.horizon and targets.target_id = points.target_id
left join framework.areas as areas on targets.comparator_area_id = areas.area_id
left join staging.known_targets as comparator
    on
        targets.quarter = comparator.horizon
        and targets.target_id = comparator.target_id
        and targets.comparator_area_id = comparator.area_id
        and latest.period = comparator.period
left join withheld on targets.quarter = withheld.horizon and targets.target_id = withheld.target_id
left join own_rating on targets.quarter = own_rating.quarter and targets.target_id = own_rating.target_id
where targets.quarter <> 'latest'
