-- One row per floor target per quarter: the money that serves it, beside how it is rated and what is being done. Money in GBP.
-- quarter: The quarter, for example 2004-05-Q1.
-- parent_id: The floor target as worded.
-- title: A short name.
-- target_order: The order in which targets are listed.
-- rating: The worst of the ratings shown of its measures; blank if none is rated.
-- rating_mark: u where every measure with that rating is marked so: by position or outlook alone.
-- measures: Its measures in force at the cut-off.
-- measures_rated: Those that have a rating.
-- allocation: Revised allocations of its projects received, each times its share (GBP).
-- allocation_pct: The same in per cent of the revised allocations of all projects received.
-- profile_to_date: Their planned spend to date, each times its share (GBP).
-- actual_to_date: Their spend to date, each times its share (GBP).
-- variance: Actual to date less profile to date (GBP).
-- variance_pct: The variance in per cent of the profile to date.
-- outturn_low: Their lowest outturns, each times its share (GBP).
-- outturn_high: Their highest outturns, each times its share (GBP).
-- at_risk: What they would lose at the lowest outturn, each times its share (GBP).
-- projects_expected: Projects that serve it by share and run in the quarter.
-- projects_received: Those whose profile and actual came in and stand; the sums are of these alone.
-- projects_refused: Those whose row came in but was refused.
-- projects_not_additive: Further projects that serve it, of which nobody can say how much; they are in no sum here.
-- actions_live: Improvement Plan actions for it that are neither complete nor superseded.
-- actions_ended: Improvement Plan actions for it that are complete or superseded.
-- basis: illustrative if any project that serves it is.
-- row_id: quarter|parent_id.
with scale as (
    select rating, rank from marts.rating_scale
),

measured as (
    select
        targets.quarter,
        targets.parent_id,
        max_by(targets.rating, scale.rank) as rating,
        case when count(targets.rating) > 0 and max_by(targets.is_marked, scale.rank * 2 - cast(targets.is_marked as integer)) then 'u' end as rating_mark,
        count(*) as measures,
        count(targets.rating) as measures_rated,
        list(targets.row_id order by targets.row_id) as target_rows
    from (
        select *, coalesce(overall_mark = 'u' and rating_source = 'suggested by rule', false) as is_marked
        from marts.floor_targets
    ) as targets
    left join scale on targets.rating = scale.rating
    group by all
),

links as (
    select
        projects.quarter,
        links.parent_id,
        projects.row_id as project_row,
        links.row_id as link_row,
        projects.state,
        projects.basis,
        links.share,
        links.share is not null as is_shared,
        links.share is not null and projects.variance is not null as is_in,
        projects.revised_allocation,
        projects.profile_to_date,
        projects.actual_to_date,
        projects.variance,
        projects.outturn_low,
        projects.outturn_high,
        projects.at_risk
    from marts.nrf_projects as projects
    inner join marts.project_targets as links on projects.project_id = links.project_id
),

sums as (
    select
        quarter,
        parent_id,
        sum(share * revised_allocation) filter (is_in) as allocation,
        sum(share * profile_to_date) filter (is_in) as profile_to_date,
        sum(share * actual_to_date) filter (is_in) as actual_to_date,
        sum(share * variance) filter (is_in) as variance,
        sum(share * outturn_low) filter (is_in) as outturn_low,
        sum(share * outturn_high) filter (is_in) as outturn_high,
        sum(share * at_risk) filter (is_in) as at_risk,
        count(*) filter (is_shared) as projects_expected,
        count(*) filter (is_in) as projects_received,
        count(*) filter (is_shared and state = 'refused') as projects_refused,
        count(*) filter (not is_shared) as projects_not_additive,
        case when bool_or(basis = 'illustrative') then 'illustrative' else min(basis) end as basis,
        list(project_row order by project_row) as served_rows,
        list(project_row order by project_row) filter (is_in) as project_rows,
        list(link_row order by link_row) filter (is_in) as link_rows,
        list(link_row order by link_row) as all_link_rows
    from links
    group by all
),

whole as (
    select
        quarter,
        sum(revised_allocation) filter (variance is not null) as allocation,
        list(row_id order by row_id) filter (variance is not null) as project_rows
    from marts.nrf_projects
    group by all
),

acts as (
    select
        quarter,
        target_id as parent_id,
        count(*) filter (coalesce(status, '') not in ('complete', 'superseded')) as live,
        count(*) filter (status in ('complete', 'superseded')) as ended,
        list(row_id order by row_id) as action_rows
    from marts.actions
    where strand = 'delivery'
    group by all
)

select
    quarters.quarter,
    parents.parent_id,
    shown_in('parent_targets', parents.row_id, 'parent_id') as parent_id__from,
    parents.title,
    shown_in('parent_targets', parents.row_id, 'title') as title__from,
    parents.target_order,
    shown_in('parent_targets', parents.row_id, 'target_order') as target_order__from,
    measured.rating,
    over_rows('The worst of its measures'' ratings', 'floor_targets', target_rows, 'rating') as rating__from,
    measured.rating_mark,
    over_rows('Whether all of its measures with that rating are marked', 'floor_targets', target_rows, 'overall_mark') as rating_mark__from,
    coalesce(measured.measures, 0) as measures,
    over_measures('Counted: its measures', target_rows, parents.row_id) as measures__from,
    coalesce(measured.measures_rated, 0) as measures_rated,
    over_measures('Counted: its measures that have a rating', target_rows, parents.row_id) as measures_rated__from,
    sums.allocation,
    shared_out('revised_allocation', sums.project_rows, link_rows) as allocation__from,
    100 * sums.allocation / nullif(whole.allocation, 0) as allocation_pct,
    reckoned('In per cent of the revised allocations of all projects received', list_prepend(
        figure('target_money', quarters.quarter || '|' || parents.parent_id, 'allocation'),
        list_transform(whole.project_rows, lambda row_id: figure('nrf_projects', row_id, 'revised_allocation'))
    )) as allocation_pct__from,
    sums.profile_to_date,
    shared_out('profile_to_date', sums.project_rows, link_rows) as profile_to_date__from,
    sums.actual_to_date,
    shared_out('actual_to_date', sums.project_rows, link_rows) as actual_to_date__from,
    sums.variance,
    shared_out('variance', sums.project_rows, link_rows) as variance__from,
    100 * sums.variance / nullif(sums.profile_to_date, 0) as variance_pct,
    reckoned('Variance in per cent of the profile to date', [
        figure('target_money', quarters.quarter || '|' || parents.parent_id, 'variance'),
        figure('target_money', quarters.quarter || '|' || parents.parent_id, 'profile_to_date')
    ]) as variance_pct__from,
    sums.outturn_low,
    shared_out('outturn_low', sums.project_rows, link_rows) as outturn_low__from,
    sums.outturn_high,
    shared_out('outturn_high', sums.project_rows, link_rows) as outturn_high__from,
    sums.at_risk,
    shared_out('at_risk', sums.project_rows, link_rows) as at_risk__from,
    coalesce(sums.projects_expected, 0) as projects_expected,
    over_links(all_link_rows, parents.row_id) as projects_expected__from,
    coalesce(sums.projects_received, 0) as projects_received,
    over_links(all_link_rows, parents.row_id) as projects_received__from,
    coalesce(sums.projects_refused, 0) as projects_refused,
    over_links(all_link_rows, parents.row_id) as projects_refused__from,
    coalesce(sums.projects_not_additive, 0) as projects_not_additive,
    over_links(all_link_rows, parents.row_id) as projects_not_additive__from,
    coalesce(acts.live, 0) as actions_live,
    over_actions(acts.action_rows, parents.row_id) as actions_live__from,
    coalesce(acts.ended, 0) as actions_ended,
    over_actions(acts.action_rows, parents.row_id) as actions_ended__from,
    sums.basis,
    over_rows('Illustrative if any project that serves it is', 'nrf_projects', served_rows, 'basis') as basis__from,
    quarters.quarter || '|' || parents.parent_id as row_id
from staging.quarters as quarters
cross join marts.parent_targets as parents
left join measured on quarters.quarter = measured.quarter and parents.parent_id = measured.parent_id
left join sums on quarters.quarter = sums.quarter and parents.parent_id = sums.parent_id
left join acts on quarters.quarter = acts.quarter and parents.parent_id = acts.parent_id
left join whole on quarters.quarter = whole.quarter
-- money may serve a floor target before any measure of it is in force
where measured.parent_id is not null or sums.parent_id is not null
