-- One row per target, area and period within a horizon: as sent, or counted from the values of its units.
-- horizon: The quarter at whose cut-off it was known, or latest.
-- published_on: The day it was published: as the partner says, else the end of the period plus the release lag then in force.
-- is_home: Whether it is the value of the area that the partnership serves.
select sent.*
from staging.known_values as sent
where
    not sent.is_home
    -- what can be counted is not taken on trust
    or not exists (
        select 1 from staging.counted_units as counted
        where
            counted.horizon = sent.horizon
            and counted.target_id = sent.target_id
            and counted.period = sent.period
    )
union all by name
select counted.* exclude (unit_row_ids)
from staging.counted_units as counted
