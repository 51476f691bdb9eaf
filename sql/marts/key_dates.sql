-- One row per day of a quarter's cycle, for every quarter of the calendar.
-- quarter: Financial year and quarter, for example 2004-05-Q1.
-- kind: opens (templates go out), reminder, due, closes (the last day for late returns), cut-off, publish or board.
-- day: The day.
-- basis: How it was settled: as the calendar says, or worked out in working days.
-- row_id: quarter|kind|day.
select
    days.quarter,
    days.kind,
    days.day,
    days.basis,
    days.quarter || '|' || days.kind || '|' || strftime(days.day, '%Y-%m-%d') as row_id
from staging.key_days as days
