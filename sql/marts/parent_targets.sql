-- One row per floor target as the government worded it.
-- parent_id: The floor target's reference; the pack's sheet is named after it.
-- title: A short name.
-- wording: What the target says.
-- lead_partner: The partner that answers for it.
-- source: Where the wording comes from.
-- target_order: The order in which targets are listed.
-- row_id: parent_id.
select
    entity.parent_id,
    entity.title,
    entity.wording,
    partners.name as lead_partner,
    from_cell(entity.row_id, 'lead_partner_id') as lead_partner__from,
    entity.source,
    cast(entity.target_order as integer) as target_order,
    entity.parent_id as row_id,
    [entity.row_id] as rows__from
from framework.parent_targets as entity
left join framework.partners as partners on entity.lead_partner_id = partners.partner_id
