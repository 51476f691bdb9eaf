-- One row per target per quarter: the definition in force at the quarter's cut-off.
select quarters.quarter, quarters.cut_off_on, targets.*
from staging.quarters as quarters
inner join framework.targets as targets on targets.since <= quarters.cut_off_on
qualify row_number() over (partition by quarters.quarter, targets.target_id order by targets.since desc) = 1
