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
-- reason: Why this rating.
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

moments as (
    select
        packs.quarter, earlier.quarter as of_quarter, 'before' as moment,
        case when earlier.quarter = packs.quarter then packs.seen_until_at else packs.until_before_at end as until_at
    from staging.issues as packs
    inner join staging.issues as earlier on packs.quarter >= earlier.quarter
    union all
    select
        packs.quarter, earlier.quarter as of_quarter, 'now' as moment,
        case when earlier.quarter < packs.quarter then packs.until_at end as until_at
    from staging.issues as packs
    inner join staging.issues as earlier on packs.quarter >= earlier.quarter
),

-- the submission that counted then, for each partner and return: a later one takes its place whole
counting as (
    select
        moments.quarter, moments.of_quarter, moments.moment, sent.submission_id, sent.partner, sent.return,
        sent.received_at, sent.file_id
    from moments
    inner join staging.submissions as sent
        on moments.of_quarter = sent.quarter
        and sent.received_at < coalesce(moments.until_at, timestamp '9999-12-31')
    where sent.state in ('accepted', 'superseded', 'nil')
    qualify row_number() over (
        partition by moments.quarter, moments.of_quarter, moments.moment, sent.partner, sent.return
        order by sent.received_at desc, sent.submission_id desc
    ) = 1
),

known as (
    select
        counting.quarter as pack, counting.moment, counting.partner, counting.return, counting.file_id, given.*,
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
    coalesce(now.received_at, replacing.received_at) as received_at,
    coalesce(now.partner, replacing.partner) as partner,
    coalesce(now.file_id, replacing.file_id) as file_id,
    now.rated_by,
    now.rated_on,
    now.reason
from now
full outer join before on now.of = before.of
left join counting as replacing
    on
        now.of is null and replacing.moment = 'now' and before.pack = replacing.quarter
        and before.quarter = replacing.of_quarter and before.partner = replacing.partner and before.return = replacing.return
where now.rating is distinct from before.rating
