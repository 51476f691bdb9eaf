-- One row per theme per quarter: its NRF projects added up, with how many of them came in. Money in GBP.
-- quarter: The quarter, for example 2004-05-Q1.
-- theme: The theme's reference.
-- theme_title: The theme's name.
-- theme_order: The order in which themes are listed.
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
-- at_risk: What they would lose at the lowest outturn (GBP).
-- projects_expected: Projects of the theme that run in the quarter.
-- projects_received: Those whose profile and actual came in and stand; the sums are of these alone.
-- projects_refused: Those whose row came in but was refused.
-- basis: illustrative if any of its projects is.
-- row_id: quarter|theme.
with projects as (
    select
        series.*,
        framework.theme_id,
        framework.basis,
        measures.variance,
        measures.burn,
        measures.required_run,
        measures.carry_forward,
        measures.outturn_low,
        measures.outturn_high,
        measures.at_risk
    from series.project_quarters as series
    inner join measures.project_quarters as measures on series.row_id = measures.row_id
    inner join framework.projects as framework on series.project_row_id = framework.row_id
),

sums as (
    select
        quarter,
        theme_id,
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
    from projects
    group by quarter, theme_id
)

select
    sums.quarter,
    sums.theme_id as theme,
    themes.title as theme_title,
    from_cell(themes.row_id, 'title') as theme_title__from,
    cast(themes.theme_order as integer) as theme_order,
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
        figure('nrf_themes', sums.quarter || '|' || sums.theme_id, 'variance'),
        figure('nrf_themes', sums.quarter || '|' || sums.theme_id, 'profile_to_date')
    ]) as variance_pct__from,
    sums.burn,
    added_up('burn', project_rows) as burn__from,
    sums.required_run,
    added_up('required_run', project_rows) as required_run__from,
    sums.outturn_low,
    added_up('outturn_low', project_rows) as outturn_low__from,
    sums.outturn_high,
    added_up('outturn_high', project_rows) as outturn_high__from,
    sums.carry_forward,
    added_up('carry_forward', project_rows) as carry_forward__from,
    sums.at_risk,
    added_up('at_risk', project_rows) as at_risk__from,
    sums.projects_expected,
    counted(framework_rows, 'project_id') as projects_expected__from,
    sums.projects_received,
    counted(coalesce(received_rows, framework_rows), 'project_id') as projects_received__from,
    sums.projects_refused,
    counted(coalesce(refused_rows, framework_rows), 'project_id') as projects_refused__from,
    sums.basis,
    counted(framework_rows, 'basis') as basis__from,
    sums.quarter || '|' || sums.theme_id as row_id,
    [themes.row_id] as rows__from
from sums
inner join framework.themes as themes on sums.theme_id = themes.theme_id
