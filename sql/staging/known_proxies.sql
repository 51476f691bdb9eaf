-- One row per proxy and period within a horizon: the version of the value that was received last.
-- horizon: The quarter at whose cut-off it was known, or latest.
select horizons.quarter as horizon, versions.*
from staging.horizons as horizons
inner join staging.proxy_versions as versions on versions.published_on <= horizons.cut_off_on
qualify row_number() over (
    partition by horizons.quarter, versions.indicator_id, versions.period
    order by versions.received_at desc, versions.published_on desc, versions.row_id desc
) = 1
