-- What is another than in the pack before, by cause, and who changed it, when and why?
select
    changed.quarter,
    changed.cause,
    changed.subject_id,
    changed.title,
    changed.period_label,
    changed.item,
    coalesce(cast(changed.value_was as varchar), changed.said_was) as was,
    coalesce(cast(changed.value_is as varchar), changed.said_is) as now,
    changed.unit,
    changed.partner,
    cast(changed.received_at as date) as received_on,
    changed.why
from marts.revisions as changed
order by changed.quarter desc, changed.cause_order, changed.subject_id, changed.row_id
