-- One row per partner.
-- partner_id: The partner's reference.
-- name: The partner's name.
-- contact: The post to write to.
-- row_id: partner_id.
select
    entity.partner_id,
    entity.name,
    entity.contact,
    entity.partner_id as row_id,
    [entity.row_id] as rows__from
from framework.partners as entity
