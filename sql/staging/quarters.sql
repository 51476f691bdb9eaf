-- One row per quarter up to the newest for which anything was received.
-- quarter_number: 1 for April to June, 4 for January to March.
-- financial_year: The financial year, for example 2004-05.
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
where calendar.quarter <= (select max(submissions.quarter) from staging.submissions as submissions where state <> 'refused')
