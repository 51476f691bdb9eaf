-- One row per project and floor target that it serves.
-- project_id: The project's reference.
-- parent_id: The floor target as worded.
-- weight_pct: How much of the project serves it, in per cent; a project's shares add up to 100.
-- row_id: project_id|parent_id.
select
    entity.project_id,
    entity.parent_id,
    entity.weight_pct,
    entity.project_id || '|' || entity.parent_id as row_id,
    [entity.row_id] as rows__from
from framework.project_targets as entity
