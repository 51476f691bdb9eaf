-- One row per target, area and period within a horizon: the version of the value that was received last.
-- horizon: The quarter at whose cut-off it was known, or latest.
-- is_home: Whether it is the value of the area that the partnership serves.
select
    targets.quarter as horizon,
    versions.*,
    coalesce(versions.area_id = home.value, false) as is_home
from staging.targets_in_force as targets
inner join staging.target_versions as versions
    on targets.target_id = versions.target_id and versions.published_on <= targets.cut_off_on
left join framework.settings as home on home.setting_id = 'home_area'
qualify row_number() over (
    partition by targets.quarter, versions.target_id, versions.area_id, versions.period
    -- a correction counts, also where it leaves out the date that the first version gave
    order by versions.received_at desc, versions.published_on desc, versions.row_id desc
) = 1
