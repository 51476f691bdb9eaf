-- Which actions are slipping or overdue, whose are they, and by how many days?
select
    actions.quarter,
    actions.action_id,
    actions.title,
    actions.owner_title,
    actions.due_on,
    actions.status,
    actions.days_overdue
from marts.actions as actions
where actions.status = 'slipping' or actions.days_overdue > 0
order by actions.quarter desc, actions.days_overdue desc nulls last, actions.action_id
