-- One row per theme.
-- theme_id: The theme's reference.
-- title: The theme's name.
-- partnership: The delivery partnership that leads on it.
-- theme_order: The order in which themes are listed.
-- row_id: theme_id.
select
    entity.theme_id,
    entity.title,
    entity.partnership,
    cast(entity.theme_order as integer) as theme_order,
    entity.theme_id as row_id,
    [entity.row_id] as rows__from
from framework.themes as entity
