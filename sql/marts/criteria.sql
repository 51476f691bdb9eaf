-- One row per criterion of partnership working.
-- criterion_id: The criterion's reference.
-- title: The criterion's name.
-- criterion_order: The order in which criteria are listed.
-- basis: How far the wording can be relied on.
-- row_id: criterion_id.
select
    entity.criterion_id,
    entity.title,
    cast(entity.criterion_order as integer) as criterion_order,
    entity.basis,
    entity.criterion_id as row_id,
    [entity.row_id] as rows__from
from framework.criteria as entity
