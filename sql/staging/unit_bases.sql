-- One row per unit of a target: what it counts by.
-- unit: The unit.
-- per: 100 for per cent, 1,000 for a rate per 1,000; blank for others.
select
    targets.unit,
    case
        when targets.unit = '%' then 100
        else try_cast(replace(regexp_extract(targets.unit, '^per ([0-9,]+)', 1), ',', '') as double)
    end as per
from framework.targets as targets
group by all
