-- One row per series and horizon in which it has been counted anew: since when.
-- horizon: The quarter by whose cut-off it had been counted anew, or latest.
-- series_id: The ref of the target or the proxy indicator.
-- since: The first day of its newest way of counting.
select horizons.quarter as horizon, breaks.series_id, max(breaks.from_on) as since
from staging.horizons as horizons
inner join framework.breaks as breaks on breaks.from_on <= horizons.cut_off_on
group by all
