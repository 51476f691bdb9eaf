-- One row per quarter up to the newest received: until when what came in was in its pack, and in the pack before.
-- issued_on: The day of its Board, whose pack it is; blank for the newest, which takes all that has come.
-- issued_before_on: The day of the Board before it; blank for the first.
-- cut_off_before_on: The cut-off of the quarter before it.
select
    quarters.quarter,
    case when lead(quarters.quarter) over calendar is not null then quarters.board_on end as issued_on,
    quarters.cut_off_on,
    lag(quarters.board_on) over calendar as issued_before_on,
    lag(quarters.cut_off_on) over calendar as cut_off_before_on,
    quarters.row_id
from staging.quarters as quarters
window calendar as (order by quarters.quarter)
