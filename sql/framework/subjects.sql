-- One row per name by which a rating may call its subject: its reference or its title, in small letters.
-- name: The name.
-- subject: The reference of what is meant; overall for the partnership.
-- subject_kind: target, floor target, proxy, element or overall.
with subjects as (
    select target_id as subject, title, 'target' as subject_kind, 1 as place from framework.targets
    union
    -- a floor target with one measure is that measure
    select
        case when count(distinct targets.target_id) = 1 then min(targets.target_id) else parents.parent_id end,
        parents.title,
        case when count(distinct targets.target_id) = 1 then 'target' else 'floor target' end,
        2
    from framework.parent_targets as parents
    left join framework.targets as targets on parents.parent_id = targets.parent_id
    group by parents.parent_id, parents.title
    union
    select indicator_id, title, 'proxy', 3 from framework.indicators
    union
    select element_id, title, 'element', 4 from framework.elements
    union
    select 'overall', 'overall', 'overall', 5
),

names as (
    select lower(subject) as name, true as is_reference, subjects.* exclude (title) from subjects
    union all
    select lower(title), false, subjects.* exclude (title) from subjects
)

select name, subject, subject_kind
from names
-- a reference goes before a title
qualify row_number() over (partition by name order by is_reference desc, place, subject) = 1
