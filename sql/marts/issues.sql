-- One row per version of a quarter's pack that was issued.
-- quarter: The quarter of the pack.
-- version: 1, and more where the pack was corrected.
-- label: The quarter, as people say it.
-- issued_at: When it was made final.
-- issued_by: Who made it final.
-- issued_role: In which post.
-- reason: Why there is another version; blank for the first.
-- received_until: When the last file came that it was made with.
-- status: provisional or final, as the quarter was signed off with it; blank while it is not closed.
-- closed_at: When that was.
-- closed_by: Who signed it off.
-- closed_role: In which post.
-- row_id: quarter|version.
select
    issued.quarter,
    issued.version,
    calendar.label,
    issued.signed_at as issued_at,
    issued.signed_by as issued_by,
    issued.role as issued_role,
    issued.reason,
    issued.received_until,
    closed.status,
    closed.signed_at as closed_at,
    closed.signed_by as closed_by,
    closed.role as closed_role,
    concat_ws('|', issued.quarter, issued.version) as row_id
from staging.signed as issued
left join marts.calendar as calendar on issued.quarter = calendar.quarter
left join staging.signed as closed
    on issued.quarter = closed.quarter and issued.version = closed.version and closed.event = 'closed'
where issued.event = 'issued'
-- what was closed as provisional may be closed as final later
qualify row_number() over (partition by issued.quarter, issued.version order by closed.signed_at desc nulls last) = 1
