-- One row per project and floor target that it serves.
-- row_id: project_id|parent_id.
-- weight_pct: Its share as the framework says; blank where it is declared not additive, or none is given.
-- total_pct: The project's shares over all its targets, added up.
-- link_row_id: The row of the link in the framework.
select
    links.project_id || '|' || links.parent_id as row_id,
    links.project_id,
    links.parent_id,
    case when links.counting is distinct from 'not additive' then links.weight_pct end as weight_pct,
    sum(case when links.counting is distinct from 'not additive' then links.weight_pct end)
        over (partition by links.project_id) as total_pct,
    links.row_id as link_row_id
from framework.project_targets as links
