-- One row per quarter up to the newest for which anything was received, be it refused, or that was reported without a return.
-- quarter_number: 1 for April to June, 4 for January to March.
-- financial_year: The financial year, for example 2004-05.
with came as (
    select submissions.quarter from staging.submissions as submissions
    union all
    -- a file of which nothing could be read belongs to the quarter in whose folder it came
    select files.folder as quarter from staging.files as files
    union all
    select findings.folder as quarter from staging.findings as findings
    union all
    -- nobody sent anything for it, and its pack was asked for after the returns were due
    select signed.quarter from staging.signed as signed
)

select
    calendar.quarter,
    calendar.starts_on,
    calendar.ends_on,
    calendar.due_on,
    calendar.cut_off_on,
    calendar.board_on,
    cast(right(calendar.quarter, 1) as integer) as quarter_number,
    left(calendar.quarter, 7) as financial_year,
    calendar.row_id
from framework.calendar as calendar
where
    calendar.quarter <= (
        select max(came.quarter)
        from came
        where came.quarter in (select known.quarter from framework.calendar as known)
    )
