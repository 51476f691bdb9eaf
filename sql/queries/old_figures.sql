-- Which targets are still shown by a figure that is too old, and when is a newer one due out?
select
    targets.quarter,
    targets.target_id,
    targets.title,
    targets.latest_label,
    targets.age_months,
    targets.next_release_on
from marts.floor_targets as targets
where targets.is_stale
order by targets.quarter desc, targets.age_months desc, targets.target_id
