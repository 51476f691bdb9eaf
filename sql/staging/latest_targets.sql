-- One row per target: its newest definition.
select targets.*
from framework.targets as targets
qualify row_number() over (partition by targets.target_id order by targets.since desc) = 1
