-- One row per change of what became of a return, up to the as-at day.
-- quarter: The quarter, for example 2004-05-Q1.
-- partner: The partner's reference.
-- partner_title: The partner's name.
-- return: The return's name.
-- changed_at: When it changed: when a file came, or the beginning of the day.
-- state: What it was from then on.
-- days_late: For a file, the days from the day it was due; blank where it came in time.
-- said: What happened, in a sentence.
-- file_name: The file by which it changed; blank where none did.
-- is_last: Whether nothing has changed since.
-- row_id: quarter|partner|return|moment|step|submission.
select
    events.quarter,
    events.partner,
    partners.name as partner_title,
    events.return,
    events.changed_at,
    events.state,
    case
        when events.step = 2 and cast(events.changed_at as date) > calendar.due_on
            then date_diff('day', calendar.due_on, cast(events.changed_at as date))
    end as days_late,
    events.said,
    events.file_name,
    lead(events.row_id) over (
        partition by events.quarter, events.partner, events.return order by events.changed_at, events.step, events.row_id
    ) is null as is_last,
    events.row_id
from staging.return_events as events
inner join framework.calendar as calendar on events.quarter = calendar.quarter
-- an erasure holds whatever the day: what was erased can't be known as it was
inner join staging.about as about on cast(events.changed_at as date) <= about.as_at or events.state = 'erased'
left join framework.partners as partners on events.partner = partners.partner_id
