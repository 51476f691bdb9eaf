-- One row per row of the return: what the theme's projects come to in its quarter, if every one of them came in.
-- projects, projects_allocation, projects_actual: how many projects the theme has, and their sums (GBP)
-- other_allocation, other_actual: the column that is another sum than that of the projects
with running as (
    select calendar.quarter, projects.theme_id, projects.project_id
    from framework.calendar as calendar
    inner join framework.projects as projects
        on
            coalesce(projects.starts_on, calendar.ends_on) <= calendar.ends_on
            -- what a project spent before it ended stays spent until the year is out
            and coalesce(projects.ends_on, calendar.ends_on) >= make_date(cast(left(calendar.quarter, 4) as integer), 4, 1)
),

themes as (
    select
        running.quarter,
        running.theme_id,
        count(*) as projects,
        sum(spend.revised_allocation) as allocation,
        sum(spend.actual_to_date) as actual
    from running
    left join staging.nrf_spend as spend on running.project_id = spend.project_id and running.quarter = spend.quarter
    group by running.quarter, running.theme_id
    -- a sum over some of the projects says nothing of the total
    having count(*) = count(spend.actual_to_date)
)

select
    rows.row_id,
    themes.projects,
    themes.allocation as projects_allocation,
    themes.actual as projects_actual,
    case when abs(rows.programme_allocation - themes.allocation) > 0.5 * themes.projects then 'programme_allocation' end as other_allocation,
    case when abs(rows.programme_actual - themes.actual) > 0.5 * themes.projects then 'programme_actual' end as other_actual
from rows
left join themes on rows.quarter = themes.quarter and rows.theme_id = themes.theme_id
