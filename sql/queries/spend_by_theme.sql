-- How does the money of each theme go, quarter by quarter, and of how many of its projects do we know?
select
    themes.theme,
    themes.quarter,
    themes.allocation,
    themes.profile_to_date,
    themes.actual_to_date,
    round(100 * themes.actual_to_date / nullif(themes.profile_to_date, 0)) as spent_of_profile_pct,
    themes.projects_received || ' of ' || themes.projects_expected as projects
from marts.nrf_themes as themes
order by themes.theme, themes.quarter
