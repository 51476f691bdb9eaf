-- One row per quarter up to the newest received: until when what came in was in its pack, and in the pack before.
-- until_at: What came before this moment was in its pack: what its newest version was issued with; else all of the day of its Board; blank for the newest quarter while it is not issued, which takes all that has come.
-- seen_until_at: What came before this moment its readers have seen: what its newest version was issued with; else all of the day of its Board.
-- cut_off_on: Its cut-off.
-- until_before_at: The same of the pack before, in its last version issued before this one; blank for the first.
-- cut_off_before_on: The cut-off of the quarter before it.
-- version_before: The version of the pack before that this one is compared with; blank where none was issued.
with issued as (from staging.signed where event = 'issued'),

first_issued as (select issued.quarter, min(issued.signed_at) as first_at from issued group by issued.quarter),

calendar as (
    select
        quarters.quarter,
        quarters.cut_off_on,
        quarters.board_on,
        quarters.row_id,
        lag(quarters.quarter) over in_order as quarter_before,
        lag(quarters.board_on) over in_order as board_before_on,
        lag(quarters.cut_off_on) over in_order as cut_off_before_on,
        lead(quarters.quarter) over in_order is null as is_newest
    from staging.quarters as quarters
    window in_order as (order by quarters.quarter)
),

-- the version before that readers of this quarter's pack have seen: the last that was issued before it
versions as (
    select
        calendar.quarter,
        max(issued.version) as version_before,
        max_by(issued.received_until, issued.version) as received_until
    from calendar
    inner join issued on calendar.quarter_before = issued.quarter
    left join first_issued on calendar.quarter = first_issued.quarter
    where first_issued.first_at is null or issued.signed_at <= first_issued.first_at
    group by calendar.quarter
),

own as (select issued.quarter, max_by(issued.received_until, issued.version) as received_until from issued group by issued.quarter)

select
    calendar.quarter,
    case
        when own.received_until is not null then own.received_until + interval 1 microsecond
        when not calendar.is_newest then cast(calendar.board_on + 1 as timestamp)
    end as until_at,
    coalesce(own.received_until + interval 1 microsecond, cast(calendar.board_on + 1 as timestamp)) as seen_until_at,
    calendar.cut_off_on,
    coalesce(versions.received_until + interval 1 microsecond, cast(calendar.board_before_on + 1 as timestamp)) as until_before_at,
    calendar.cut_off_before_on,
    versions.version_before,
    calendar.row_id
from calendar
left join own on calendar.quarter = own.quarter
left join versions on calendar.quarter = versions.quarter
