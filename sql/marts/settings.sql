-- One row per setting of the framework.
-- setting_id: The setting's name.
-- value: Its value.
-- meaning: What changes when the value does.
-- basis: Where it comes from.
-- row_id: setting_id.
select
    entity.setting_id,
    entity.value,
    entity.meaning,
    entity.basis,
    entity.setting_id as row_id,
    [entity.row_id] as rows__from
from framework.settings as entity
