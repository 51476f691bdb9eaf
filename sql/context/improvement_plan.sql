-- One row per row of the return: who should send it, what contradicts itself, and what the return before said.
-- named_sender: The partner that the framework names as the action's owner
-- best_while_slipping: 'rating' where a slipping action has the best rating of the scale
-- other_percent: 'percent_done' where it can't be that of the status
-- fell, earlier_percent: 'percent_done' where it is less than in the return before, and what it was there
-- copied: 'note' where it and the percentage are those of the return before, and the action is not complete
-- note_when_behind: the note of an action that is slipping or has the worst rating
with before as (
    select rows.row_id, given.percent_done, given.note
    from rows
    inner join rows as given
        on rows.action_id = given.action_id and given.quarter < rows.quarter and given.received_at <= rows.received_at
    where coalesce(given.percent_done between 0 and 100, true)  -- what was refused of an earlier return tells nothing
    qualify row_number() over (partition by rows.row_id order by given.quarter desc, given.received_at desc, given.row_id desc) = 1
),

worst as (select max(rank) as rank from framework.rating_scale)

select
    rows.row_id,
    actions.owner_partner_id as named_sender,
    case when rows.status = 'slipping' and scale.rank = 1 then 'rating' end as best_while_slipping,
    case
        when rows.status = 'complete' and rows.percent_done < 100 then 'percent_done'
        when rows.status = 'not started' and rows.percent_done > 0 then 'percent_done'
    end as other_percent,
    case when rows.percent_done < before.percent_done then 'percent_done' end as fell,
    before.percent_done as earlier_percent,
    case
        when
            length(rows.note) >= 20 and lower(trim(rows.note)) = lower(trim(before.note))
            and rows.percent_done is not distinct from before.percent_done
            and rows.status not in ('complete', 'superseded')
            then 'note'
    end as copied,
    case when rows.status = 'slipping' or scale.rank = worst.rank then rows.note end as note_when_behind
from rows
left join framework.actions as actions on rows.action_id = actions.action_id
left join framework.rating_scale as scale on rows.rating = scale.rating
left join before on rows.row_id = before.row_id
cross join worst
