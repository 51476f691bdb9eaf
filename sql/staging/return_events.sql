-- One row per change of what became of a return, for every quarter of the calendar; those of days to come are what happens if nothing does.
-- changed_at: When it changed.
-- step: Which of several changes in one moment comes first.
-- state: What it was from then on: due, late, missing, accepted, queried, refused in part, nil, refused, withdrawn or erased.
-- said: What happened, in a sentence.
-- file_name: The file by which it changed; blank where none did.
with days as (
    select
        quarter,
        min(day) filter (kind = 'opens') as opens_on,
        min(day) filter (kind = 'due') as due_on,
        min(day) filter (kind = 'closes') as late_until
    from staging.key_days
    group by quarter
),

expected as (
    select days.*, expected.partner_id as partner, expected.return_name as return
    from days
    inner join framework.expected_returns as expected
        on
            expected.from_quarter <= days.quarter
            and coalesce(expected.until_quarter, days.quarter) >= days.quarter
),

-- what a return becomes by itself where nothing comes
deadlines as (
    select quarter, partner, return, due_on as deadline, 0 as step, 'late' as state, 'when it was due' as which
    from expected
    union all
    select quarter, partner, return, late_until, 1, 'missing', 'the last day for late returns' from expected
),

-- what each submission was when it came, and what it is now: queries are settled in between
asked as (
    select
        findings.submission_id,
        count(*) filter (
            findings.settled is null or findings.settled_at > submissions.received_at
        ) as asked,
        max(findings.settled_at) filter (findings.settled_by in ('answer', 'waiver')) as answered_at
    from staging.findings as findings
    inner join staging.submissions as submissions on findings.submission_id = submissions.submission_id
    where
        findings.row_id is not null
        and (findings.consequence = 'query' or (findings.settled_by = 'waiver' and not findings.is_trial))
    group by findings.submission_id
),

sent as (
    select
        submissions.submission_id,
        submissions.quarter,
        submissions.partner,
        submissions.return,
        submissions.received_at,
        submissions.file_name,
        submissions.rows_read,
        submissions.ended_at,
        submissions.ended,
        submissions.state as now,
        case
            when submissions.state in ('refused', 'erased') then submissions.state
            when coalesce(submissions.rows_accepted, 0) = 0 then 'nil'
            when submissions.rows_refused > 0 then 'refused in part'
            when submissions.rows_queried > 0 then 'queried'
            else 'accepted'
        end as came_to,
        coalesce(asked.asked, 0) as asked,
        asked.answered_at
    from staging.submissions as submissions
    left join asked on submissions.submission_id = asked.submission_id
    where submissions.quarter is not null and submissions.partner is not null
),

changes as (
    select
        quarter, partner, return, cast(opens_on as timestamp) as changed_at, 0 as step, 'due' as state,
        'It could be sent from this day on, and was due on ' || strftime(due_on, '%-d %b %Y') || '.' as said,
        cast(null as varchar) as file_name, '' as submission_id
    from expected
    union all
    select
        quarter, partner, return, cast(deadline + 1 as timestamp), step, state,
        'Nothing had come by ' || strftime(deadline, '%-d %b %Y') || ', ' || which || '.', null, ''
    from deadlines
    where not exists (
        select 1 from sent
        where
            (sent.quarter, sent.partner, sent.return) = (deadlines.quarter, deadlines.partner, deadlines.return)
            and sent.received_at < deadlines.deadline + 1
    )
    union all
    select
        quarter, partner, return, received_at, 2,
        case
            when came_to = 'accepted' and asked > 0 then 'queried'
            else came_to
        end,
        file_name || ' came' || case
            when came_to = 'erased' then '. ' || ended
            when came_to = 'refused' then ' and was refused.'
            when came_to = 'nil' then ' and said that there is nothing to report.'
            when came_to = 'refused in part' then ' and some of its rows were refused.'
            when came_to = 'queried' or asked > 0 then ', and something in it was queried.'
            else ' and was accepted.'
        end,
        file_name, submission_id
    from sent
    union all
    -- the last of its queries was answered or waived, and no later file had taken its place
    select
        sent.quarter, sent.partner, sent.return, sent.answered_at, 3, 'accepted',
        'What was queried in ' || sent.file_name || ' was explained or waived.', sent.file_name, sent.submission_id
    from sent
    where
        sent.came_to = 'accepted' and sent.asked > 0 and sent.answered_at > sent.received_at
        and not exists (
            select 1 from sent as later
            where
                (later.quarter, later.partner, later.return) = (sent.quarter, sent.partner, sent.return)
                and later.came_to <> 'refused'
                and later.received_at between sent.received_at and sent.answered_at
                and later.submission_id <> sent.submission_id
        )
    union all
    select
        sent.quarter, sent.partner, sent.return, max(sent.ended_at), 4, min(sent.now),
        max_by(sent.ended, sent.received_at), max_by(sent.file_name, sent.received_at), max(sent.submission_id)
    from sent
    where
        sent.now = 'withdrawn'
        and not exists (
            select 1 from sent as other
            where
                (other.quarter, other.partner, other.return) = (sent.quarter, sent.partner, sent.return)
                and other.now in ('accepted', 'nil', 'superseded') and other.received_at < sent.ended_at
        )
    group by sent.quarter, sent.partner, sent.return, sent.ended_at
),

-- a file that was refused, or erased since, displaces none that stands, however many such files came in between
own as (
    select
        *,
        state in ('refused', 'erased') and coalesce(
            last_value(case when step between 2 and 4 and state not in ('refused', 'erased') then state end ignore nulls)
                over earlier
            in ('accepted', 'queried', 'refused in part', 'nil'), false
        ) as is_displaced_by_none
    from changes
    window earlier as (
        partition by quarter, partner, return order by changed_at, step, submission_id
        rows between unbounded preceding and 1 preceding
    )
)

select
    quarter,
    partner,
    return,
    changed_at,
    step,
    case
        when is_displaced_by_none
            then last_value(case when not is_displaced_by_none then state end ignore nulls) over course
        else state
    end as state,
    said || case when is_displaced_by_none then ' The one before it counts.' else '' end as said,
    file_name,
    concat_ws('|', quarter, partner, return, strftime(changed_at, '%Y-%m-%dT%H:%M:%S.%f'), step, submission_id) as row_id
from own
window course as (
    partition by quarter, partner, return order by changed_at, step, submission_id
    rows between unbounded preceding and current row
)
