-- One row per quarter up to the newest received.
-- quarter: Financial year and quarter, for example 2004-05-Q1.
-- starts_on: Its first day.
-- ends_on: Its last day.
-- due_on: The day by which partners send their returns.
-- cut_off_on: Only values published by this day count in the quarter's pack.
-- board_on: The meeting that the pack is for.
-- label: The quarter, as people say it.
-- next_due_on: The day by which the next quarter's returns are due.
-- next_board_on: The meeting after that.
-- version_before: The version of the pack of the quarter before that this quarter's is compared with; blank where none was issued.
-- row_id: quarter.
select
    quarters.quarter,
    quarters.starts_on,
    quarters.ends_on,
    quarters.due_on,
    quarters.cut_off_on,
    quarters.board_on,
    strftime(quarters.starts_on, '%b to ') || strftime(quarters.ends_on, '%b %Y') as label,
    following.due_on as next_due_on,
    from_cell(following.row_id, 'due_on') as next_due_on__from,
    following.board_on as next_board_on,
    from_cell(following.row_id, 'board_on') as next_board_on__from,
    issues.version_before,
    quarters.quarter as row_id,
    [quarters.row_id] as rows__from
from staging.quarters as quarters
inner join staging.issues as issues on quarters.quarter = issues.quarter
left join framework.calendar as following on following.starts_on = quarters.ends_on + 1
