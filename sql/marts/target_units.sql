-- One row per unit of a target that counts units below a floor, per quarter: its newest value known at the cut-off.
-- quarter: The quarter, for example 2004-05-Q1.
-- target_id: The target that counts.
-- area_id: The unit.
-- area_title: Its name.
-- unit: The unit of its value.
-- places: Decimal places to show.
-- period_label: The period of its value.
-- value: Its value.
-- status: The mark of the value: p provisional, x not available and so on; blank if plain.
-- unit_floor: The floor that holds for each unit.
-- is_below: Whether its value is worse than the floor; blank where it has none.
-- basis: How far the values can be relied on: published, as later published, or illustrative.
-- row_id: quarter|target_id|area_id.
select
    units.horizon as quarter,
    units.target_id,
    from_cell(units.target_row_id, 'target_id') as target_id__from,
    units.area_id,
    from_cell(units.area_row_id, 'area_id') as area_id__from,
    units.area_title,
    from_cell(units.area_row_id, 'name') as area_title__from,
    measured.unit,
    from_cell(measured.row_id, 'unit') as unit__from,
    cast(measured.places as integer) as places,
    from_cell(measured.row_id, 'places') as places__from,
    units.period_label,
    from_cell(units.value_row_id, 'period') as period_label__from,
    units.value,
    from_cell(units.value_row_id, 'value') as value__from,
    units.value_status as status,
    from_cell(units.value_row_id, 'value') as status__from,
    units.unit_floor,
    from_cell(units.target_row_id, 'unit_floor') as unit_floor__from,
    units.is_below,
    reckoned('The value against the floor, by which way is better', [
        cell(units.value_row_id, 'value'), cell(units.target_row_id, 'unit_floor'), cell(measured.row_id, 'polarity')
    ]) as is_below__from,
    targets.values_basis as basis,
    from_cell(targets.row_id, 'values_basis') as basis__from,
    concat_ws('|', units.horizon, units.target_id, units.area_id) as row_id
from staging.unit_values as units
inner join framework.targets as targets on units.target_row_id = targets.row_id
inner join staging.targets_in_force as measured
    on units.horizon = measured.quarter and targets.counted_target_id = measured.target_id
where units.horizon <> 'latest'
qualify row_number() over (
    partition by units.horizon, units.target_id, units.area_id order by units.period_end desc, units.period_start desc
) = 1
