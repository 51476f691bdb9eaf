-- One row per target per quarter: its values known at the cut-off with all that says how sure they are.
-- row_id: quarter|target_id.
-- target_row_id: The row of the definition in force.
-- per: What the unit counts by: 100 for per cent, 1,000 for a rate per 1,000; blank for others.
-- since: The first day of the newest way of counting, where there was an older one.
-- starts: The first day of each period, oldest first.
-- ends: The last days.
-- target_values: The values.
-- lowers: The lower limits as sent.
-- uppers: The upper limits as sent.
-- numerators: The numerators as sent.
-- denominators: The denominators as sent.
-- value_row_ids: The rows they were sent in.
with own as (
    select
        known.horizon,
        known.target_id,
        list(known.period_start order by known.period_end, known.period_start) as starts,
        list(known.period_end order by known.period_end, known.period_start) as ends,
        list(known.value order by known.period_end, known.period_start) as target_values,
        list(known.lower order by known.period_end, known.period_start) as lowers,
        list(known.upper order by known.period_end, known.period_start) as uppers,
        list(known.numerator order by known.period_end, known.period_start) as numerators,
        list(known.denominator order by known.period_end, known.period_start) as denominators,
        list(known.row_id order by known.period_end, known.period_start) as value_row_ids
    from staging.known_targets as known
    where known.is_home and known.value is not null
    group by all
)

select
    targets.quarter || '|' || targets.target_id as row_id,
    targets.quarter,
    targets.target_id,
    targets.row_id as target_row_id,
    targets.polarity,
    targets.interval_by,
    targets.places,
    bases.per,
    breaks.since,
    own.starts,
    own.ends,
    own.target_values,
    own.lowers,
    own.uppers,
    own.numerators,
    own.denominators,
    own.value_row_ids
from staging.targets_in_force as targets
inner join staging.unit_bases as bases on targets.unit = bases.unit
left join own on targets.quarter = own.horizon and targets.target_id = own.target_id
left join staging.series_breaks as breaks on targets.quarter = breaks.horizon and targets.target_id = breaks.series_id
where targets.quarter <> 'latest'
