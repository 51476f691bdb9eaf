-- One row per target, area and period within a horizon, as sent: the version of the value that was received last.
-- horizon: The quarter at whose cut-off it was known, or latest.
-- published_on: The day it was published: as the partner says, else the end of the period plus the release lag then in force.
-- is_home: Whether it is the value of the area that the partnership serves.
with versions as (
    select
        targets.quarter as horizon,
        targets.cut_off_on,
        versions.* replace (
            -- the lag of the definition in force then, so that a revised one leaves an old pack its own
            coalesce(
                versions.published_on,
                cast(versions.period_end + to_months(cast(targets.release_lag_months as integer)) as date)
            ) as published_on
        )
    from staging.targets_in_force as targets
    inner join staging.target_versions as versions on targets.target_id = versions.target_id
)

select versions.* exclude (cut_off_on), coalesce(versions.area_id = home.value, false) as is_home
from versions
left join framework.settings as home on home.setting_id = 'home_area'
where versions.published_on <= versions.cut_off_on
qualify row_number() over (
    partition by versions.horizon, versions.target_id, versions.area_id, versions.period
    -- a correction counts, also where it leaves out the date that the first version gave
    order by versions.received_at desc, versions.published_on desc, versions.row_id desc
) = 1
