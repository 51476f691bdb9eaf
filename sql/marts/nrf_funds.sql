-- One row per fund per quarter: all its projects added up, with how many of them came in. Money in GBP.
-- quarter: The quarter, for example 2004-05-Q1.
-- fund: The fund's reference; none for projects that name no fund.
-- fund_title: The fund's name.
-- award: What the fund awarded for the financial year, where it was known by the cut-off (GBP).
-- award_basis: How far the award can be relied on.
-- allocation: Revised allocations of the projects received (GBP).
-- profile_to_date: Their planned spend to date (GBP).
-- actual_to_date: Their spend to date (GBP).
-- variance: Actual to date less profile to date (GBP).
-- variance_pct: The variance in per cent of the profile to date.
-- burn: Their spend per quarter so far (GBP).
-- required_run: Their spend per remaining quarter that would use the whole allocation (GBP).
-- outturn_low: Their lowest outturns added up (GBP).
-- outturn_high: Their highest outturns added up (GBP).
-- carry_forward: What the fund could carry into next year at the lowest outturn, under its cap (GBP).
-- at_risk: What the fund as a whole would lose at the lowest outturn (GBP); projects make room for each other.
-- at_risk_least: What it would lose at the highest outturn (GBP).
-- rating: The rating of its spend by the framework's bands of variance.
-- projects_expected: Projects of the fund that run in the quarter.
-- projects_received: Those whose profile and actual came in and stand; the sums are of these alone.
-- projects_refused: Those whose row came in but was refused.
-- basis: illustrative if any of its projects is.
-- row_id: quarter|fund.
with projects as (
    select series.*, framework.basis, measures.* exclude (row_id)
    from series.project_quarters as series
    inner join measures.project_quarters as measures on series.row_id = measures.row_id
    inner join framework.projects as framework on series.project_row_id = framework.row_id
),

sums as (
    select
        quarter,
        fund_id,
        quarter || '|' || fund_id as row_id,
        any_value(cap_row_id) as cap_row_id,
        sum(budget) filter (variance is not null) as allocation,
        sum(profile_to_date) filter (variance is not null) as profile_to_date,
        sum(actual_to_date) filter (variance is not null) as actual_to_date,
        sum(variance) as variance,
        100 * sum(variance) / nullif(sum(profile_to_date) filter (variance is not null), 0) as variance_pct,
        sum(burn) filter (variance is not null) as burn,
        sum(required_run) filter (variance is not null) as required_run,
        sum(outturn_low) filter (variance is not null) as outturn_low,
        sum(outturn_high) filter (variance is not null) as outturn_high,
        count(*) as projects_expected,
        count(variance) as projects_received,
        count(*) filter (state = 'refused') as projects_refused,
        case when bool_or(basis = 'illustrative') then 'illustrative' else min(basis) end as basis,
        list(row_id order by row_id) filter (variance is not null) as project_rows,
        list(project_row_id order by row_id) as framework_rows,
        list(sent_row_id order by row_id) filter (variance is not null) as received_rows,
        list(sent_row_id order by row_id) filter (state = 'refused') as refused_rows
    from projects
    group by quarter, fund_id
)

select
    sums.quarter,
    sums.fund_id as fund,
    counted(framework_rows, 'fund_id') as fund__from,
    coalesce(funds.title, 'Projects that name no fund') as fund_title,
    from_cell(funds.row_id, 'title') as fund_title__from,
    awards.award,
    from_cell(awards.row_id, 'award') as award__from,
    awards.basis as award_basis,
    from_cell(awards.row_id, 'basis') as award_basis__from,
    sums.allocation,
    added_up('revised_allocation', project_rows) as allocation__from,
    sums.profile_to_date,
    added_up('profile_to_date', project_rows) as profile_to_date__from,
    sums.actual_to_date,
    added_up('actual_to_date', project_rows) as actual_to_date__from,
    sums.variance,
    added_up('variance', project_rows) as variance__from,
    sums.variance_pct,
    reckoned('Variance in per cent of the profile to date', [
        figure('nrf_funds', sums.row_id, 'variance'), figure('nrf_funds', sums.row_id, 'profile_to_date')
    ]) as variance_pct__from,
    sums.burn,
    added_up('burn', project_rows) as burn__from,
    sums.required_run,
    added_up('required_run', project_rows) as required_run__from,
    sums.outturn_low,
    added_up('outturn_low', project_rows) as outturn_low__from,
    sums.outturn_high,
    added_up('outturn_high', project_rows) as outturn_high__from,
    measures.carry_forward,
    reckoned('Underspend of the whole fund at the lowest outturn, up to the cap', at_lowest) as carry_forward__from,
    measures.at_risk,
    reckoned('Underspend of the whole fund at the lowest outturn, beyond the cap', at_lowest) as at_risk__from,
    measures.at_risk_least,
    reckoned('Underspend of the whole fund at the highest outturn, beyond the cap', [
        figure('nrf_funds', sums.row_id, 'allocation'),
        figure('nrf_funds', sums.row_id, 'outturn_high'),
        carry_cap(cap_row_id)
    ]) as at_risk_least__from,
    measures.rating,
    reckoned('Variance from profile on the framework''s spend bands', [
        figure('nrf_funds', sums.row_id, 'variance_pct')
    ]) as rating__from,
    sums.projects_expected,
    counted(framework_rows, 'project_id') as projects_expected__from,
    sums.projects_received,
    counted(coalesce(received_rows, framework_rows), 'project_id') as projects_received__from,
    sums.projects_refused,
    counted(coalesce(refused_rows, framework_rows), 'project_id') as projects_refused__from,
    sums.basis,
    counted(framework_rows, 'basis') as basis__from,
    sums.row_id
from sums
inner join measures.fund_quarters as measures on sums.row_id = measures.row_id
inner join staging.quarters as quarters on sums.quarter = quarters.quarter
left join framework.funds as funds on sums.fund_id = funds.fund_id
left join framework.fund_years as awards
    on
        sums.fund_id = awards.fund_id
        and quarters.financial_year = awards.financial_year
        and awards.known_on <= quarters.cut_off_on
cross join lateral (
    select [
        figure('nrf_funds', sums.row_id, 'allocation'),
        figure('nrf_funds', sums.row_id, 'outturn_low'),
        carry_cap(cap_row_id)
    ] as at_lowest
) as inputs
