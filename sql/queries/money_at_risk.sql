-- Which projects could lose money at the year's end, and how sure is that?
select
    projects.quarter,
    projects.project_id,
    projects.title,
    projects.revised_allocation,
    projects.actual_to_date,
    projects.outturn_low,
    projects.outturn_high,
    projects.at_risk,
    projects.basis
from marts.nrf_projects as projects
inner join marts.about as about on projects.quarter = about.newest_quarter
where projects.at_risk > 0
order by projects.at_risk desc
