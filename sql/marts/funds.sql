-- One row per fund of the framework.
-- fund: The fund's reference.
-- title: Its name as people know it.
-- short_name: The name of its sheet in the pack; its reference where none was given.
-- row_id: fund.
select
    entity.fund_id as fund,
    from_cell(entity.row_id, 'fund_id') as fund__from,
    entity.title,
    coalesce(entity.short_name, entity.fund_id) as short_name,
    from_cell(entity.row_id, case when entity.short_name is null then 'fund_id' else 'short_name' end) as short_name__from,
    entity.fund_id as row_id,
    [entity.row_id] as rows__from
from framework.funds as entity
