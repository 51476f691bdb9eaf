-- One row per rating that somebody gave and that is another in a quarter's pack than its readers saw last.
-- quarter: The quarter whose pack shows the change. Of its own quarter readers have seen what it was issued with, else what came by its Board's day; of earlier quarters what the pack before had.
-- of_quarter: The quarter that the rating judges.
-- subject_kind: target, floor target, proxy, element or overall.
-- subject: The reference of what is judged; overall for the partnership.
-- kind: own, moderated or official.
-- was: The rating before; blank where none had been given.
-- rating: The rating now; blank where there is none any more.
-- was_row_id: The row that the rating before came in.
-- is_row_id: The row that the rating now came in.
-- was_received_at: When that row was received.
-- received_at: When the change was received.
-- partner: Who sent the change.
-- file_id: The file that brought it.
-- rated_by: The body or post whose judgement it is.
-- rated_on: The day it was given.
-- reason: Why this rating; of one that is gone with its return, who withdrew that and why.
with given as (
    select
        given.quarter, subjects.subject_kind, subjects.subject, given.kind, given.rating, given.reason, given.rated_by,
        given.rated_on, given.submission_id, given.received_at, given.row_id
    from staging.received_ratings as given
    inner join framework.subjects as subjects on lower(trim(given.subject)) = subjects.name
    where given.kind <> 'commentary' and given.rating is not null
    union all
    (
        select
            sent.quarter, 'target' as subject_kind, sent.target_id as subject, 'own' as kind, sent.rating,
            sent.commentary as reason, null as rated_by, null as rated_on, sent.submission_id, sent.received_at, sent.row_id
        from staging.received_floor_targets as sent
        where sent.rating is not null
        -- a return may have several periods of a target, of which the newest is the one that is judged
        qualify row_number() over (
            partition by sent.submission_id, sent.target_id order by sent.period_end desc, sent.row_id desc
        ) = 1
    )
),

-- of its own quarter readers saw more than the pack before, and whatever comes later changes it
counting as (
    select
        counted.pack as quarter, counted.quarter as of_quarter,
        case when counted.moment in ('before', 'seen') then 'before' else 'now' end as moment,
        counted.submission_id, counted.partner, counted.return, counted.received_at, counted.file_id, counted.ended_at,
        counted.ended
    from staging.counted_then as counted
    where
        (counted.quarter < counted.pack and counted.moment in ('before', 'now'))
        or (counted.quarter = counted.pack and counted.moment in ('seen', 'open'))
),

known as (
    select
        counting.quarter as pack, counting.moment, counting.partner, counting.return, counting.file_id,
        counting.ended_at, counting.ended, given.*,
        concat_ws('|', counting.quarter, given.quarter, given.subject_kind, given.subject, given.kind) as of
    from counting
    inner join given on counting.submission_id = given.submission_id
    qualify row_number() over (
        partition by counting.moment, of order by given.received_at desc, given.row_id desc
    ) = 1
),

before as (from known where moment = 'before'),

now as (from known where moment = 'now')

select
    coalesce(now.pack, before.pack) as quarter,
    coalesce(now.quarter, before.quarter) as of_quarter,
    coalesce(now.subject_kind, before.subject_kind) as subject_kind,
    coalesce(now.subject, before.subject) as subject,
    coalesce(now.kind, before.kind) as kind,
    before.rating as was,
    now.rating,
    before.row_id as was_row_id,
    now.row_id as is_row_id,
    before.received_at as was_received_at,
    coalesce(now.received_at, replacing.received_at, before.ended_at) as received_at,
    coalesce(now.partner, replacing.partner, before.partner) as partner,
    coalesce(now.file_id, replacing.file_id) as file_id,
    now.rated_by,
    now.rated_on,
    coalesce(now.reason, case when replacing.submission_id is null then before.ended end) as reason
from now
full outer join before on now.of = before.of
left join counting as replacing
    on
        now.of is null and replacing.moment = 'now' and before.pack = replacing.quarter
        and before.quarter = replacing.of_quarter and before.partner = replacing.partner and before.return = replacing.return
where now.rating is distinct from before.rating
