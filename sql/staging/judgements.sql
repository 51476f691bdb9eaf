-- One row per judgement that counts: what it is on, of which kind, in which quarter's return.
-- quarter: The quarter that it judges, by the return it came in. A judgement comes after the figures, so no cut-off holds it.
-- subject: The reference of what is judged: a target, a floor target of several measures, an element, or overall.
-- subject_kind: target, floor target, element or overall.
-- kind: own, moderated, official or commentary.
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
    select element_id, title, 'element', 3 from framework.elements
    union
    select 'overall', 'overall', 'overall', 4
),

-- a reference goes before a name
meant as (
    select given.*, subjects.subject as meant_subject, subjects.subject_kind
    from staging.ratings as given
    inner join subjects on lower(trim(given.subject)) in (lower(subjects.subject), lower(subjects.title))
    qualify row_number() over (
        partition by given.row_id
        order by lower(trim(given.subject)) = lower(subjects.subject) desc, subjects.place, subjects.subject
    ) = 1
)

select
    quarter,
    meant_subject as subject,
    subject_kind,
    kind,
    case when kind <> 'commentary' then rating end as rating,
    reason,
    rated_by,
    rated_on,
    row_id
from meant
-- where two partners judged the same, under two names, the newest counts
qualify row_number() over (partition by quarter, subject_kind, meant_subject, kind order by received_at desc, row_id desc) = 1
