-- One row per total of projects per quarter: of a fund, and of a theme, whichever fund pays. Money in GBP.
-- quarter: The quarter, for example 2004-05-Q1.
-- kind: What the projects are added up by: fund or theme.
-- subject: The reference of the fund or theme; none for projects that name no fund.
-- funds: The funds that the total adds over, by name.
-- allocation: Revised allocations of the projects received (GBP).
-- profile_to_date: Their planned spend to date (GBP).
-- actual_to_date: Their spend to date (GBP).
-- variance: Actual to date less profile to date (GBP).
-- variance_pct: The variance in per cent of the profile to date.
-- burn: Their spend per quarter so far (GBP).
-- required_run: Their spend per remaining quarter that would use the whole allocation (GBP).
-- outturn_low: Their lowest outturns added up (GBP).
-- outturn_high: Their highest outturns added up (GBP).
-- carry_forward: What they could carry into next year at the lowest outturn, each under its cap (GBP).
-- at_risk: What they would lose at the lowest outturn, one by one (GBP).
-- projects_expected: Projects that run in the quarter.
-- projects_received: Those whose profile and actual came in and stand; the sums are of these alone.
-- projects_refused: Those whose row came in but was refused.
-- basis: illustrative if any of the projects is.
-- row_id: quarter|kind|subject.
with projects as (
    select series.*, framework.theme_id, framework.basis, funds.title as fund_title, measures.* exclude (row_id)
    from series.project_quarters as series
    inner join measures.project_quarters as measures on series.row_id = measures.row_id
    inner join framework.projects as framework on series.project_row_id = framework.row_id
    left join framework.funds as funds on series.fund_id = funds.fund_id
),

sorted as (
    select *, 'fund' as kind, fund_id as subject from projects
    union all
    select *, 'theme', theme_id from projects
),

sums as (
    select
        quarter,
        kind,
        subject,
        concat_ws('|', quarter, kind, subject) as row_id,
        string_agg(distinct coalesce(fund_title, 'no fund'), '; ' order by coalesce(fund_title, 'no fund')) as funds,
        sum(budget) filter (variance is not null) as allocation,
        sum(profile_to_date) filter (variance is not null) as profile_to_date,
        sum(actual_to_date) filter (variance is not null) as actual_to_date,
        sum(variance) as variance,
        100 * sum(variance) / nullif(sum(profile_to_date) filter (variance is not null), 0) as variance_pct,
        sum(burn) filter (variance is not null) as burn,
        sum(required_run) filter (variance is not null) as required_run,
        sum(outturn_low) filter (variance is not null) as outturn_low,
        sum(outturn_high) filter (variance is not null) as outturn_high,
        sum(carry_forward) filter (variance is not null) as carry_forward,
        sum(at_risk) filter (variance is not null) as at_risk,
        count(*) as projects_expected,
        count(variance) as projects_received,
        count(*) filter (state = 'refused') as projects_refused,
        case when bool_or(basis = 'illustrative') then 'illustrative' else min(basis) end as basis,
        list(row_id order by row_id) filter (variance is not null) as project_rows,
        list(project_row_id order by row_id) as framework_rows,
        list(sent_row_id order by row_id) filter (variance is not null) as received_rows,
        list(sent_row_id order by row_id) filter (state = 'refused') as refused_rows
    from sorted
    group by quarter, kind, subject
)

select
    quarter,
    kind,
    subject,
    counted(framework_rows, kind || '_id') as subject__from,
    funds,
    counted(framework_rows, 'fund_id') as funds__from,
    allocation,
    added_up('revised_allocation', project_rows) as allocation__from,
    profile_to_date,
    added_up('profile_to_date', project_rows) as profile_to_date__from,
    actual_to_date,
    added_up('actual_to_date', project_rows) as actual_to_date__from,
    variance,
    added_up('variance', project_rows) as variance__from,
    variance_pct,
    over_columns('Variance in per cent of the profile to date', 'nrf_totals', row_id, ['variance', 'profile_to_date'])
        as variance_pct__from,
    burn,
    added_up('burn', project_rows) as burn__from,
    required_run,
    added_up('required_run', project_rows) as required_run__from,
    outturn_low,
    added_up('outturn_low', project_rows) as outturn_low__from,
    outturn_high,
    added_up('outturn_high', project_rows) as outturn_high__from,
    carry_forward,
    added_up('carry_forward', project_rows) as carry_forward__from,
    at_risk,
    added_up('at_risk', project_rows) as at_risk__from,
    projects_expected,
    counted(framework_rows, 'project_id') as projects_expected__from,
    projects_received,
    counted(coalesce(received_rows, framework_rows), 'project_id') as projects_received__from,
    projects_refused,
    counted(coalesce(refused_rows, framework_rows), 'project_id') as projects_refused__from,
    basis,
    counted(framework_rows, 'basis') as basis__from,
    row_id
from sums
