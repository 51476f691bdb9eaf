-- One row per judgement: what it is on, of which kind, for which quarter. None of them overwrites another.
-- quarter: The quarter that it judges.
-- subject: The reference of what is judged; overall for the partnership.
-- subject_kind: target, floor target, proxy, element or overall.
-- subject_title: Its name.
-- parent_id: The floor target as worded that it belongs to; blank for a proxy, which may serve several, an element and overall.
-- kind: own (by the partner, or of an element by the partnership), moderated, official or commentary.
-- rating: The rating given; blank for a commentary.
-- reason: Why this rating; the words of a commentary.
-- rated_by: The body or post whose judgement it is.
-- rated_on: The day it was given.
-- row_id: quarter|subject_kind|subject|kind.
with judged as (
    select quarter, subject, subject_kind, kind, rating, reason, rated_by, rated_on, row_id, null as partner from staging.judgements
    union all
    select series.quarter, series.target_id, 'target', 'own', series.rating_partner, given.commentary, null, null, given.row_id, given.partner
    from series.target_quarters as series
    inner join staging.floor_targets as given on series.rating_row_id = given.row_id
)

select
    judged.quarter,
    judged.subject,
    from_cell(judged.row_id, case when judged.partner is null then 'subject' else 'target_id' end) as subject__from,
    judged.subject_kind,
    coalesce(targets.title, parents.title, proxies.title, elements.title, 'The partnership overall') as subject_title,
    case when judged.subject_kind in ('target', 'floor target') then coalesce(targets.parent_id, judged.subject) end as parent_id,
    judged.kind,
    judged.rating,
    from_cell(judged.row_id, 'rating') as rating__from,
    judged.reason,
    from_cell(judged.row_id, case when judged.partner is null then 'reason' else 'commentary' end) as reason__from,
    coalesce(judged.rated_by, partners.name) as rated_by,
    case when judged.partner is null then from_cell(judged.row_id, 'rated_by') else from_cell(partners.row_id, 'name') end as rated_by__from,
    judged.rated_on,
    from_cell(judged.row_id, 'rated_on') as rated_on__from,
    concat_ws('|', judged.quarter, judged.subject_kind, judged.subject, judged.kind) as row_id
from judged
left join staging.targets_in_force as targets
    on judged.subject_kind = 'target' and judged.subject = targets.target_id and targets.quarter = 'latest'
left join framework.parent_targets as parents on judged.subject_kind = 'floor target' and judged.subject = parents.parent_id
left join framework.indicators as proxies on judged.subject_kind = 'proxy' and judged.subject = proxies.indicator_id
left join framework.elements as elements on judged.subject_kind = 'element' and judged.subject = elements.element_id
left join framework.partners as partners on judged.partner = partners.partner_id
