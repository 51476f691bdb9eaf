-- Where are we behind the place that we are compared with, and is the gap closing?
select
    targets.target_id,
    targets.title,
    targets.latest_label,
    targets.latest_value,
    targets.comparator_value,
    targets.gap,
    targets.previous_value
from marts.floor_targets as targets
inner join marts.about as about on targets.quarter = about.newest_quarter
where targets.gap is not null
order by abs(targets.gap / nullif(targets.comparator_value, 0)) desc
