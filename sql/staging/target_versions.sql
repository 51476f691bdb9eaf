-- One row per value of a target as sent: of one area and period there may be several, from several files.
-- published_on: The day it was published, where the partner says; else blank.
-- is_lag_used: Whether nobody said when it was published, so that the usual release lag is used.
-- target_row_id: The row of the target's definition in the framework.
select
    given.target_id,
    given.area_id,
    given.period,
    given.period_start,
    given.period_end,
    given.period_label,
    given.value,
    given.value_status,
    given.lower,
    given.upper,
    given.numerator,
    given.denominator,
    given.gap_published,
    given.published_on,
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
inner join staging.targets_in_force as targets
    on given.target_id = targets.target_id and targets.quarter = 'latest'
