-- One row per quarter per thing that the Board is asked to decide, found by rule, the most pressing first; what is answered on record comes last. Money in GBP.
-- quarter: The quarter, for example 2004-05-Q1.
-- decision_order: Its place in the quarter: what is answered last, then by rule, by the money at stake, by reference.
-- rule: The rule that raised it: red without a live action, red without money, red and underspent, a proxy disagrees, money at risk, an action is overdue, or a return is missing.
-- subject: What it is about: the reference of a floor target, a measure, a project, an action, or a partner and its return.
-- title: The name of that.
-- parent_id: The floor target as worded that it concerns; blank where it is about the fund or a return.
-- issue: What is the matter, in a sentence; of a proxy also how sure it is of what it says.
-- ask: What the Board is asked to agree, in a sentence.
-- owner_title: Who answers for it.
-- by_on: By when: the day returns for the next quarter are due, so that its pack shows what was done.
-- amount: The money at stake (GBP); blank where it is not about money.
-- answered: The waiver in force of the rule that asks why a project's spend is off its profile, which says that the matter is known; blank where there is none.
-- basis: illustrative where the figures that raised it are.
-- row_id: quarter|rule|subject.
with scale as (
    select
        rating,
        word,
        rank > max(rank) over () / 2 as is_worse_half
    from marts.rating_scale
),

of_money as (
    select
        asked.quarter,
        case asked.question
            when 'red without a live action' then 1
            when 'red without money' then 2
            else 3
        end as rule_order,
        asked.question as rule,
        asked.parent_id as subject,
        asked.title,
        asked.parent_id,
        asked.sentence as issue,
        case asked.question
            when 'red without a live action' then 'Agree an action with an owner and a day, or that none is needed.'
            when 'red without money' then 'Agree money for it, or that none is needed.'
            else 'Agree how the money is spent this year, or where it goes instead.'
        end as ask,
        parents.lead_partner as owner_title,
        case when asked.question = 'red and underspent' then money.profile_to_date - money.actual_to_date end as amount,
        cast(null as varchar) as answered,
        asked.basis,
        'money_against_progress' as found_in,
        asked.row_id as found_row,
        'sentence' as found_column
    from marts.money_against_progress as asked
    inner join marts.target_money as money on asked.quarter = money.quarter and asked.parent_id = money.parent_id
    left join marts.parent_targets as parents on asked.parent_id = parents.parent_id
    where asked.question in ('red without a live action', 'red without money', 'red and underspent')
),

of_proxies as (
    select
        proxies.quarter,
        4 as rule_order,
        'a proxy disagrees' as rule,
        proxies.target_id || ' by ' || proxies.indicator_id as subject,
        targets.title,
        proxies.parent_id,
        proxies.title || case when targets.is_stale then ', while the target''s own value is stale: ' else ': ' end
        || proxies.warning
        -- blank where nothing is known of the link
        || coalesce(' How sure: its evidence is graded ' || proxies.link_grade || ', from A (best) to D: '
            || lower(proxies.link_reason[1]) || rtrim(split_part(proxies.link_reason, ':', 1)[2:], '.')
            || case when proxies.is_trial then '; the limits of its chart still rough on ' || so_many(proxies.chart_points, 'value', 'values') else '' end
            || '.', '') as issue,
        'Agree whether to act on it before the target''s next value is out'
        || case
            when targets.next_release_on is null then '.'
            when targets.next_release_on < calendar.cut_off_on
                then ', which was due on ' || strftime(targets.next_release_on, '%-d %b %Y') || ' and is overdue.'
            else ' on ' || strftime(targets.next_release_on, '%-d %b %Y') || '.'
        end as ask,
        parents.lead_partner as owner_title,
        cast(null as double) as amount,
        cast(null as varchar) as answered,
        proxies.basis,
        'proxies' as found_in,
        proxies.row_id as found_row,
        'warning' as found_column,
        ['link_grade', 'link_reason', 'is_trial', 'chart_points'] as also_in
    from marts.proxies as proxies
    inner join marts.floor_targets as targets
        on proxies.quarter = targets.quarter and proxies.target_id = targets.target_id
    inner join marts.calendar as calendar on proxies.quarter = calendar.quarter
    left join marts.parent_targets as parents on proxies.parent_id = parents.parent_id
    where proxies.is_disagreeing
),

-- a waiver of the rule that asks about spend off its profile is the partnership's own word on it; one of any other rule,
-- as of a slip in a name, says nothing of the money
waived as (
    select findings.quarter, findings.row_key as project_id, string_agg(distinct findings.settled, ' ' order by findings.settled) as answered
    from marts.findings as findings
    where findings.settled_by = 'waiver' and findings.return = 'nrf_spend' and findings.rule = 'comment_fits_figures'
    group by findings.quarter, findings.row_key
),

of_projects as (
    select
        projects.quarter,
        5 as rule_order,
        'money at risk' as rule,
        projects.project_id as subject,
        projects.title,
        cast(null as varchar) as parent_id,
        projects.project_id || ' (' || projects.title || ') has spent ' || in_pounds(projects.actual_to_date) || ' of the '
        || in_pounds(projects.profile_to_date) || ' planned by now; at its lowest outturn '
        || in_pounds(projects.at_risk) || ' cannot be carried forward.' as issue,
        'Agree how it is spent by the year''s end, or moved to other projects.' as ask,
        projects.partner_title as owner_title,
        projects.at_risk as amount,
        waived.answered,
        projects.basis,
        'nrf_projects' as found_in,
        projects.row_id as found_row,
        'at_risk' as found_column
    from marts.nrf_projects as projects
    inner join scale on projects.rating = scale.rating
    left join waived on projects.quarter = waived.quarter and projects.project_id = waived.project_id
    where scale.is_worse_half and projects.at_risk > 0
),

of_actions as (
    select
        actions.quarter,
        6 as rule_order,
        'an action is overdue' as rule,
        actions.action_id as subject,
        actions.title,
        actions.parent_id,
        actions.action_id || ' (' || actions.title || ') was due on ' || strftime(actions.due_on, '%-d %b %Y') || ', '
        || so_many(actions.days_overdue, 'day', 'days') || ' before the cut-off.' as issue,
        'Agree a new day, or what is in its way.' as ask,
        actions.owner_title,
        cast(null as double) as amount,
        cast(null as varchar) as answered,
        actions.basis,
        'actions' as found_in,
        actions.row_id as found_row,
        'days_overdue' as found_column
    from marts.actions as actions
    where actions.days_overdue > 0
),

of_returns as (
    select
        returns.quarter,
        7 as rule_order,
        'a return is missing' as rule,
        returns.partner || ' ' || returns.return as subject,
        returns.partner_title as title,
        cast(null as varchar) as parent_id,
        case returns.state
            when 'refused' then 'What ' || returns.partner_title || ' sent for '
            when 'withdrawn' then 'What ' || returns.partner_title || ' sent for '
            else 'Nothing has come from ' || returns.partner_title || ' for '
        end || coalesce(named.value, replace(returns.return, '_', ' '))
        || case returns.state when 'refused' then ' was refused; it was due on ' when 'withdrawn' then ' was withdrawn; it was due on ' else '; it was due on ' end
        || strftime(returns.due_on, '%-d %b %Y') || '.' as issue,
        'Agree who gets it in, or that the pack does without it.' as ask,
        returns.partner_title as owner_title,
        cast(null as double) as amount,
        cast(null as varchar) as answered,
        cast(null as varchar) as basis,
        'calendar' as found_in,  -- of what never came there is no cell, but of the day that it was due
        returns.quarter as found_row,
        'due_on' as found_column
    from marts.returns as returns
    left join marts.settings as named on named.setting_id = 'title_' || returns.return
    where returns.is_expected and returns.state in ('late', 'missing', 'refused', 'withdrawn')
),

every as (
    select * from of_money
    union all by name select * from of_proxies
    union all by name select * from of_projects
    union all by name select * from of_actions
    union all by name select * from of_returns
)

select
    every.quarter,
    row_number() over (
        partition by every.quarter
        order by every.answered is not null, every.rule_order, every.amount desc nulls last, every.subject
    ) as decision_order,
    every.rule,
    every.subject,
    over_columns('Of what raised the question', every.found_in, every.found_row, [every.found_column]) as subject__from,
    every.title,
    over_columns('Of what raised the question', every.found_in, every.found_row, [every.found_column]) as title__from,
    every.parent_id,
    over_columns('Of what raised the question', every.found_in, every.found_row, [every.found_column]) as parent_id__from,
    every.issue,
    over_columns('Put into words', every.found_in, every.found_row, list_prepend(every.found_column, coalesce(every.also_in, []))) as issue__from,
    every.ask,
    every.owner_title,
    over_columns('Of what raised the question', every.found_in, every.found_row, [every.found_column]) as owner_title__from,
    calendar.next_due_on as by_on,
    shown_in('calendar', calendar.row_id, 'next_due_on') as by_on__from,
    every.amount,
    over_columns('The money at stake', every.found_in, every.found_row, [every.found_column]) as amount__from,
    every.answered,
    every.basis,
    over_columns('Of what raised the question', every.found_in, every.found_row, [every.found_column]) as basis__from,
    every.quarter || '|' || every.rule || '|' || every.subject as row_id
from every
inner join marts.calendar as calendar on every.quarter = calendar.quarter
