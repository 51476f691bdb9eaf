-- Which targets were behind their trajectory in the newest quarter, how far, and how old is the figure?
select
    targets.target_id,
    targets.title,
    targets.latest_value,
    targets.latest_label,
    round(targets.trajectory_value, 1) as needed,
    round(100 * targets.on_course) as on_course_pct,
    targets.rating,
    targets.age_months
from marts.floor_targets as targets
inner join marts.about as about on targets.quarter = about.newest_quarter
where targets.on_course < 1
order by targets.on_course
