-- One row per stock take of a Spotlight review.
-- quarter: The quarter it was reported in.
-- review_id: The review's reference.
-- held_on: The day it was held.
-- attendees: How many people came.
-- decision: What was decided.
-- confidence: How sure the panel is that the promises will be kept.
-- actions_due: Actions that were to be done by then.
-- actions_overdue: Those of them that were not done.
-- row_id: quarter|review_id|held_on.
select
    given.quarter,
    given.review_id,
    given.held_on,
    cast(given.attendees as integer) as attendees,
    given.decision,
    given.confidence,
    cast(given.actions_due as integer) as actions_due,
    cast(given.actions_overdue as integer) as actions_overdue,
    concat_ws('|', given.quarter, given.review_id, given.held_on) as row_id,
    [given.row_id] as rows__from
from staging.spotlight_stock_take as given
