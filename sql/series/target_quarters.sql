-- One row per target per quarter: what was known of it at the quarter's cut-off.
-- row_id: quarter|target_id.
-- target_row_id: The row of the definition in force.
-- baseline_on: The last day of the baseline period.
-- due_on: The last day of the target period.
-- stated_value: What the target states: a value to reach, or the size of a change.
-- latest_period: The newest period published by the cut-off.
-- latest_on: Its last day.
-- latest_label: The period, as people say it.
-- latest_value: Its value, in the target's unit.
-- latest_status: Its mark.
-- latest_lower: Lower end of its 95% confidence interval.
-- latest_upper: Upper end of its 95% confidence interval.
-- latest_row_id: The row it was sent in.
-- previous_value: The value of the measured period before.
-- previous_label: That period.
-- previous_row_id: The row it was sent in.
-- comparator_value: The value of the area it is compared with, for the same period.
-- comparator_row_id: The row it was sent in.
-- withheld_label: A newer period that was sent without a value.
-- withheld_status: Why it has none: c confidential, x not available and so on.
-- withheld_row_id: The row it was sent in.
-- rating_partner: The partner's own rating in the quarter's return.
-- rating_row_id: The row it was sent in.
with ranked as (
    select
        known.*,
        row_number() over (partition by horizon, target_id order by period_end desc, period_start desc) as place
    from staging.known_targets as known
    where known.is_home and known.value is not null
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
)

select
    targets.quarter || '|' || targets.target_id as row_id,
    targets.quarter,
    targets.target_id,
    targets.row_id as target_row_id,
    targets.cut_off_on,
    targets.target_type,
    targets.polarity,
    targets.baseline_value,
    targets.baseline_period_end as baseline_on,
    targets.target_period_end as due_on,
    coalesce(targets.target_value, targets.target_change) as stated_value,
    targets.frequency_months,
    targets.release_lag_months,
    latest.period as latest_period,
    latest.period_end as latest_on,
    latest.period_label as latest_label,
    latest.value as latest_value,
    latest.value_status as latest_status,
    latest.lower as latest_lower,
    latest.upper as latest_upper,
    latest.published_on,
    latest.is_lag_used,
    latest.is_queried,
    latest.commentary,
    latest.row_id as latest_row_id,
    previous.value as previous_value,
    previous.period_label as previous_label,
    previous.row_id as previous_row_id,
    comparator.value as comparator_value,
    comparator.row_id as comparator_row_id,
    withheld.period_label as withheld_label,
    withheld.value_status as withheld_status,
    withheld.row_id as withheld_row_id,
    own_rating.rating as rating_partner,
    own_rating.row_id as rating_row_id
from staging.targets_in_force as targets
left join ranked as latest
    on targets.quarter = latest.horizon and targets.target_id = latest.target_id and latest.place = 1
left join ranked as previous
    on targets.quarter = previous.horizon and targets.target_id = previous.target_id and previous.place = 2
left join staging.known_targets as comparator
    on
        targets.quarter = comparator.horizon
        and targets.target_id = comparator.target_id
        and targets.comparator_area_id = comparator.area_id
        and latest.period = comparator.period
left join withheld on targets.quarter = withheld.horizon and targets.target_id = withheld.target_id
left join own_rating on targets.quarter = own_rating.quarter and targets.target_id = own_rating.target_id
where targets.quarter <> 'latest'
