-- One row per target per horizon: the definition in force at the quarter's cut-off, or the newest.
select horizons.quarter, horizons.cut_off_on, targets.*
from staging.horizons as horizons
inner join framework.targets as targets on targets.since <= horizons.cut_off_on
qualify row_number() over (partition by horizons.quarter, targets.target_id order by targets.since desc) = 1
