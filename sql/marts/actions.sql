-- One row per Improvement Plan action per quarter.
-- quarter: The quarter, for example 2004-05-Q1.
-- action_id: The action's reference.
-- strand: delivery (serves a floor target) or partnership (serves a criterion of partnership working).
-- target_id: The floor target as worded that it serves; blank for a partnership action.
-- parent_id: The same as target_id: actions serve a floor target as worded, not a part of it.
-- criterion: The criterion of partnership working that it serves; blank for a delivery action.
-- criterion_title: The criterion's name.
-- title: What will be done.
-- owner: The reference of the partner that answers for it.
-- owner_title: The partner that answers for it.
-- due_on: When it is due; the revised date since the partner moved it.
-- status: Where it stands, in the partner's words of choice; complete and superseded hold until revoked; blank where nothing was reported.
-- percent_done: How much of it is done, in per cent.
-- rating: The partner's own rating.
-- days_overdue: Days from the due date to the cut-off, where it is due and neither complete nor superseded.
-- milestone: The next thing that will be finished.
-- milestone_due_on: When that is due.
-- note: The partner's progress note.
-- evidence: Where somebody could see that it was done.
-- is_queried: Whether the partner is asked about something in the row.
-- basis: Whether owner, dates and links are from the source or illustrative.
-- row_id: quarter|action_id.
with moved as (
    -- the last revised date up to each quarter: a date once moved stays moved, also when it is not repeated
    select quarters.quarter, given.action_id, given.revised_due_on, given.row_id
    from staging.quarters as quarters
    inner join staging.improvement_plan as given on given.quarter <= quarters.quarter
    where given.revised_due_on is not null
    qualify row_number() over (partition by quarters.quarter, given.action_id order by given.quarter desc) = 1
),

ended as (
    -- the last status up to each quarter, where it is one that ends the action
    select *
    from (
        select quarters.quarter, given.action_id, given.status, given.row_id
        from staging.quarters as quarters
        inner join staging.improvement_plan as given on given.quarter <= quarters.quarter
        where given.status is not null
        qualify row_number() over (partition by quarters.quarter, given.action_id order by given.quarter desc) = 1
    )
    where status in ('complete', 'superseded')
)

select
    quarters.quarter,
    actions.action_id,
    actions.strand,
    actions.parent_id as target_id,
    from_cell(actions.row_id, 'parent_id') as target_id__from,
    actions.parent_id,
    actions.criterion_id as criterion,
    from_cell(actions.row_id, 'criterion_id') as criterion__from,
    criteria.title as criterion_title,
    from_cell(criteria.row_id, 'title') as criterion_title__from,
    actions.title,
    actions.owner_partner_id as owner,
    from_cell(actions.row_id, 'owner_partner_id') as owner__from,
    owners.name as owner_title,
    from_cell(owners.row_id, 'name') as owner_title__from,
    coalesce(moved.revised_due_on, actions.due_on) as due_on,
    case
        when moved.revised_due_on is null then from_cell(actions.row_id, 'due_on')
        else from_cell(moved.row_id, 'revised_due_on')
    end as due_on__from,
    coalesce(given.status, ended.status) as status,
    from_cell(case when given.status is null then ended.row_id else given.row_id end, 'status') as status__from,
    given.percent_done,
    given.rating,
    case
        when coalesce(given.status, ended.status, '') not in ('complete', 'superseded')
            and coalesce(moved.revised_due_on, actions.due_on) < quarters.cut_off_on
            then date_diff('day', coalesce(moved.revised_due_on, actions.due_on), quarters.cut_off_on)
    end as days_overdue,
    reckoned('Days from the due date to the cut-off', [
        figure('actions', quarters.quarter || '|' || actions.action_id, 'due_on'),
        cell(quarters.row_id, 'cut_off_on')
    ]) as days_overdue__from,
    given.milestone,
    given.milestone_due_on,
    given.note,
    given.evidence,
    coalesce(given.is_queried, false) as is_queried,
    actions.basis,
    from_cell(actions.row_id, 'basis') as basis__from,
    quarters.quarter || '|' || actions.action_id as row_id,
    [given.row_id, actions.row_id] as rows__from
from staging.quarters as quarters
inner join framework.actions as actions on coalesce(actions.starts_on, quarters.starts_on) <= quarters.ends_on
inner join framework.partners as owners on actions.owner_partner_id = owners.partner_id
left join staging.improvement_plan as given
    on quarters.quarter = given.quarter and actions.action_id = given.action_id
left join moved on quarters.quarter = moved.quarter and actions.action_id = moved.action_id
left join ended on quarters.quarter = ended.quarter and actions.action_id = ended.action_id
left join framework.criteria as criteria on actions.criterion_id = criteria.criterion_id
