-- One row per judgement that counts: what it is on, of which kind, in which quarter's return.
-- quarter: The quarter that it judges, by the return it came in. A judgement comes after the figures, so no cut-off holds it.
-- subject: The reference of what is judged: a target, a floor target of several measures, a proxy, an element, or overall.
-- subject_kind: target, floor target, proxy, element or overall.
-- kind: own, moderated, official or commentary.
select
    given.quarter,
    subjects.subject,
    subjects.subject_kind,
    given.kind,
    case when given.kind <> 'commentary' then given.rating end as rating,
    given.reason,
    given.rated_by,
    given.rated_on,
    given.row_id
from staging.ratings as given
inner join framework.subjects as subjects on lower(trim(given.subject)) = subjects.name
-- where two partners judged the same, under two names, the newest counts
qualify row_number() over (
    partition by given.quarter, subjects.subject_kind, subjects.subject, given.kind
    order by given.received_at desc, given.row_id desc
) = 1
