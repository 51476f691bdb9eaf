-- One row per unit and period within a horizon of a target that counts units below a floor.
-- horizon: The quarter at whose cut-off it was known, or latest.
-- target_id: The target that counts.
-- target_row_id: Its row in the framework.
-- target_unit: What it counts in: % for the share of units, else their number.
-- unit_floor: The floor that holds for each unit.
-- area_id: The unit.
-- area_title: Its name.
-- area_row_id: Its row in the framework.
-- is_below: Whether its value is worse than the floor; blank where it has none.
-- value_row_id: The row its value was sent in.
select
    counting.quarter as horizon,
    counting.target_id,
    counting.row_id as target_row_id,
    counting.unit as target_unit,
    counting.unit_floor,
    areas.area_id,
    areas.name as area_title,
    areas.row_id as area_row_id,
    given.period,
    given.period_start,
    given.period_end,
    given.period_label,
    given.value,
    given.value_status,
    case measured.polarity
        when 'higher is better' then given.value < counting.unit_floor
        else given.value > counting.unit_floor
    end as is_below,
    given.published_on,
    given.is_lag_used,
    given.quarter,
    given.partner,
    given.received_at,
    given.is_queried,
    given.row_id as value_row_id
from staging.targets_in_force as counting
inner join staging.targets_in_force as measured
    on counting.quarter = measured.quarter and counting.counted_target_id = measured.target_id
inner join staging.known_values as given
    on measured.quarter = given.horizon and measured.target_id = given.target_id
inner join framework.areas as areas
    on
        given.area_id = areas.area_id and areas.kind = 'unit'
        and coalesce(areas.since, given.period_end) <= given.period_end
        and coalesce(areas.until, given.period_start) >= given.period_start
where counting.unit_floor is not null
