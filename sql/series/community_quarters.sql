-- One row per target per quarter per area within the partnership's own: its newest value by then, and that of the whole for the same period.
-- row_id: quarter|target_id|area_id.
-- target_row_id: The row of the definition in force.
-- per: What the unit counts by: 100 for per cent, 1,000 for a rate per 1,000; blank for others.
-- area_row_id: The row of the area in the framework.
-- area_depth: 1 for an area right below the partnership's own, 2 for one within these, and so on.
-- lower: Lower limit of the area's value, as sent.
-- upper: Upper limit of the area's value, as sent.
-- value_row_id: The row the area's value was sent in.
-- benchmark_value: The value of the whole.
-- benchmark_row_id: The row it was sent in.
with newest as (
    select known.*, communities.depth as area_depth
    from staging.known_targets as known
    inner join staging.communities as communities on known.area_id = communities.area_id
    where known.value is not null or known.value_status = 'c'
    qualify row_number() over (
        partition by known.horizon, known.target_id, known.area_id
        order by known.period_end desc, known.period_start desc
    ) = 1
)

select
    targets.quarter || '|' || targets.target_id || '|' || newest.area_id as row_id,
    targets.quarter,
    targets.target_id,
    targets.row_id as target_row_id,
    targets.polarity,
    targets.interval_by,
    targets.places,
    bases.per,
    newest.area_id,
    newest.area_depth,
    areas.row_id as area_row_id,
    newest.period,
    newest.period_label,
    newest.value,
    newest.value_status,
    newest.is_queried,
    newest.lower,
    newest.upper,
    newest.numerator,
    newest.denominator,
    newest.row_id as value_row_id,
    whole.value as benchmark_value,
    whole.row_id as benchmark_row_id
from staging.targets_in_force as targets
inner join staging.unit_bases as bases on targets.unit = bases.unit
inner join newest on targets.quarter = newest.horizon and targets.target_id = newest.target_id
inner join framework.areas as areas on newest.area_id = areas.area_id
left join staging.known_targets as whole
    on
        targets.quarter = whole.horizon
        and targets.target_id = whole.target_id
        and newest.period = whole.period
        and whole.is_home
where targets.quarter <> 'latest'
-- an area whose shape changed has several rows: the one that held at the end of the period
qualify row_number() over (
    partition by targets.quarter, targets.target_id, newest.area_id
    order by
        coalesce(areas.since, date '0001-01-01') <= newest.period_end desc,
        coalesce(areas.since, date '0001-01-01') desc
) = 1
