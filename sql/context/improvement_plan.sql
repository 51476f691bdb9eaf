-- One row per row of the return: who should send it, and whether rating and status contradict each other.
-- named_sender: The partner that the framework names as the action's owner
-- best_while_slipping: 'rating' where a slipping action has the best rating of the scale
select
    rows.row_id,
    actions.owner_partner_id as named_sender,
    case when rows.status = 'slipping' and scale.rank = 1 then 'rating' end as best_while_slipping
from rows
left join framework.actions as actions on rows.action_id = actions.action_id
left join framework.rating_scale as scale on rows.rating = scale.rating
