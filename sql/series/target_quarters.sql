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
-- rating_partner: The partner's own rating in the quarter's return.
-- rating_row_id: The row it was sent in.
with known as (
    -- of each period the version published and received last
    select targets.quarter as pack_quarter, versions.*
    from staging.targets_in_force as targets
    inner join staging.target_versions as versions
        on targets.target_id = versions.target_id and versions.published_on <= targets.cut_off_on
    qualify row_number() over (
        partition by targets.quarter, versions.target_id, versions.area_id, versions.period
        order by versions.published_on desc, versions.received_at desc, versions.row_id desc
    ) = 1
),

ranked as (
    select
        known.*,
        row_number() over (partition by pack_quarter, target_id order by period_end desc, period_start desc) as place
    from known
    inner join framework.settings as home on home.setting_id = 'home_area' and known.area_id = home.value
    where known.value is not null
),

own_rating as (
    select quarter, target_id, rating, row_id
    from staging.target_versions
    where rating is not null
    qualify row_number() over (partition by quarter, target_id order by period_end desc, received_at desc, row_id desc) = 1
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
    own_rating.rating as rating_partner,
    own_rating.row_id as rating_row_id
from staging.targets_in_force as targets
left join ranked as latest
    on targets.quarter = latest.pack_quarter and targets.target_id = latest.target_id and latest.place = 1
left join ranked as previous
    on targets.quarter = previous.pack_quarter and targets.target_id = previous.target_id and previous.place = 2
left join known as comparator
    on
        targets.quarter = comparator.pack_quarter
        and targets.target_id = comparator.target_id
        and targets.comparator_area_id = comparator.area_id
        and latest.period = comparator.period
left join own_rating on targets.quarter = own_rating.quarter and targets.target_id = own_rating.target_id
