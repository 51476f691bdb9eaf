-- One row per expected return per quarter, and per return that came unexpected.
-- quarter: The quarter, for example 2004-05-Q1.
-- partner: The partner's reference.
-- partner_title: The partner's name.
-- return: The return's name.
-- is_expected: Whether the framework expects it.
-- due_on: The day by which it was due.
-- received_at: When the file that counts, or else the newest one, was first seen.
-- first_received_at: When the first file that was not refused was seen; blank where there is none.
-- state: accepted, queried, refused in part (some of its rows did not enter), nil, refused, withdrawn by its sender, erased (it came, and its file was erased since); where nothing came not due (the quarter's returns have not gone out), due, late (the day it was due has passed) or missing (the last day for late returns has, too).
-- days_late: Days from the due date until it first came: its first file that was not refused, or else the newest; blank where that was in time. A correction is not late.
-- rows_read: Rows found in it.
-- rows_accepted: Rows that entered.
-- rows_refused: Rows that did not enter.
-- rows_queried: Rows that entered and that the partner is asked about.
-- files_received: Files that held this return for this quarter.
-- is_newest_refused: Whether a newer file was refused, so that an earlier one counts.
-- file_name: The name of the file.
-- sha256: The SHA-256 of the file.
-- row_id: quarter|partner|return.
with expected as (
    select quarters.quarter, expected.partner_id as partner, expected.return_name as return, true as is_expected
    from staging.quarters as quarters
    inner join framework.expected_returns as expected
        on
            expected.from_quarter <= quarters.quarter
            and coalesce(expected.until_quarter, quarters.quarter) >= quarters.quarter
    union
    select distinct submissions.quarter, submissions.partner, submissions.return, false as is_expected
    from staging.submissions as submissions
    where
        submissions.quarter is not null and submissions.partner is not null
        and (submissions.partner, submissions.return) not in (
            select (expected.partner_id, expected.return_name)
            from framework.expected_returns as expected
            where
                expected.from_quarter <= submissions.quarter
                and coalesce(expected.until_quarter, submissions.quarter) >= submissions.quarter
        )
),

received as (
    select
        *,
        min(received_at) filter (state <> 'refused') over (partition by quarter, partner, return) as first_received_at,
        count(*) over (partition by quarter, partner, return) as files_received,
        first_value(state) over (partition by quarter, partner, return order by received_at desc, submission_id desc) as newest_state
    from staging.submissions
    where quarter is not null and partner is not null
    qualify row_number() over (
        partition by quarter, partner, return
        -- the one that counts, else the newest
        order by state in ('accepted', 'nil') desc, received_at desc, submission_id desc
    ) = 1
),

-- the last change that was known: so a state and its history can't differ
latest as (
    select events.quarter, events.partner, events.return, events.state
    from staging.return_events as events
    -- an erasure holds whatever the day: what was erased can't be known as it was
inner join staging.about as about on cast(events.changed_at as date) <= about.as_at or events.state = 'erased'
    qualify row_number() over (
        partition by events.quarter, events.partner, events.return
        order by events.changed_at desc, events.step desc, events.row_id desc
    ) = 1
)

select
    expected.quarter,
    expected.partner,
    partners.name as partner_title,
    expected.return,
    expected.is_expected,
    calendar.due_on,
    received.received_at,
    received.first_received_at,
    coalesce(latest.state, 'not due') as state,
    case
        when cast(coalesce(received.first_received_at, received.received_at) as date) > calendar.due_on
            then date_diff('day', calendar.due_on, cast(coalesce(received.first_received_at, received.received_at) as date))
    end as days_late,
    received.rows_read,
    received.rows_accepted,
    received.rows_refused,
    received.rows_queried,
    coalesce(received.files_received, 0) as files_received,
    received.newest_state = 'refused' and received.state <> 'refused' as is_newest_refused,
    received.file_name,
    received.sha256,
    expected.quarter || '|' || expected.partner || '|' || expected.return as row_id
from expected
inner join staging.quarters as calendar on expected.quarter = calendar.quarter
left join framework.partners as partners on expected.partner = partners.partner_id
left join received
    on
        expected.quarter = received.quarter
        and expected.partner = received.partner
        and expected.return = received.return
left join latest
    on
        expected.quarter = latest.quarter
        and expected.partner = latest.partner
        and expected.return = latest.return
