-- One row per quarter's pack, moment and submission that counted then: of each partner, return and quarter the one received last, as a later one takes its place whole.
-- pack: The quarter whose pack compares what it has with what its readers saw last.
-- moment: before (what the pack before had), now (what this pack has), seen (what its own readers saw last of this quarter) or open (all that has come).
-- ended_at: When it was withdrawn, or its file erased, after that moment; blank where neither happened.
-- ended: Who withdrew or erased it, and why.
with moments as (
    select quarter as pack, 'before' as moment, until_before_at as until_at from staging.issues where until_before_at is not null
    union all
    select quarter as pack, 'now' as moment, until_at from staging.issues
    union all
    select quarter as pack, 'seen' as moment, seen_until_at as until_at from staging.issues
    union all
    select quarter as pack, 'open' as moment, null as until_at from staging.issues
)

select
    moments.pack, moments.moment, sent.submission_id, sent.partner, sent.return, sent.quarter, sent.received_at,
    sent.file_id, sent.file_name, sent.state, sent.ended_at, sent.ended
from moments
inner join staging.submissions as sent on sent.received_at < coalesce(moments.until_at, timestamp '9999-12-31')
where
    sent.state in ('accepted', 'superseded', 'nil')
    or (
        -- it counted until then, unless it had been refused
        sent.state in ('withdrawn', 'erased') and (sent.rows_accepted > 0 or sent.is_nil or sent.state = 'erased')
        and sent.ended_at >= moments.until_at
    )
qualify row_number() over (
    partition by moments.pack, moments.moment, sent.partner, sent.return, sent.quarter
    order by sent.received_at desc, sent.submission_id desc
) = 1
