-- One row per target per quarter per area elsewhere that has a value for the same period as the latest one here.
-- row_id: quarter|target_id|area_id.
-- target_row_id: The row of the definition in force.
-- per: What the unit counts by: 100 for per cent, 1,000 for a rate per 1,000; blank for others.
-- area_row_id: The row of the area in the framework.
-- lower: Lower limit of the value here, as sent.
-- upper: Upper limit of the value here, as sent.
-- value_row_id: The row the value here was sent in.
-- benchmark_value: The other area's value.
-- benchmark_row_id: The row it was sent in.
with latest as (
    select known.*
    from staging.known_targets as known
    where known.is_home and known.value is not null
    qualify row_number() over (
        partition by known.horizon, known.target_id order by known.period_end desc, known.period_start desc
    ) = 1
)

select
    targets.quarter || '|' || targets.target_id || '|' || other.area_id as row_id,
    targets.quarter,
    targets.target_id,
    targets.row_id as target_row_id,
    targets.polarity,
    targets.interval_by,
    targets.places,
    bases.per,
    other.area_id,
    areas.row_id as area_row_id,
    latest.period,
    latest.period_label,
    latest.value,
    latest.lower,
    latest.upper,
    latest.numerator,
    latest.denominator,
    latest.row_id as value_row_id,
    other.value as benchmark_value,
    other.row_id as benchmark_row_id
from staging.targets_in_force as targets
inner join staging.unit_bases as bases on targets.unit = bases.unit
inner join latest on targets.quarter = latest.horizon and targets.target_id = latest.target_id
inner join staging.known_targets as other
    on
        targets.quarter = other.horizon
        and targets.target_id = other.target_id
        and latest.period = other.period
        and not other.is_home
        and other.value is not null
inner join framework.areas as areas on other.area_id = areas.area_id and areas.kind <> 'unit'
where
    targets.quarter <> 'latest'
    -- what lies within the partnership's own area is no other place: see series.community_quarters
    and other.area_id not in (select communities.area_id from staging.communities as communities)
-- an area whose shape changed has several rows: the one that held at the end of the period
qualify row_number() over (
    partition by targets.quarter, targets.target_id, other.area_id
    order by
        coalesce(areas.since, date '0001-01-01') <= latest.period_end desc,
        coalesce(areas.since, date '0001-01-01') desc
) = 1
