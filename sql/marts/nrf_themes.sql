-- One row per theme per quarter: its projects added up, whichever fund pays, with how many of them came in. Money in GBP.
-- quarter: The quarter, for example 2004-05-Q1.
-- theme: The theme's reference.
-- theme_title: The theme's name.
-- theme_order: The order in which themes are listed.
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
-- at_risk: What they would lose at the lowest outturn (GBP).
-- projects_expected: Projects of the theme that run in the quarter.
-- projects_received: Those whose profile and actual came in and stand; the sums are of these alone.
-- projects_refused: Those whose row came in but was refused.
-- basis: illustrative if any of its projects is.
-- row_id: quarter|theme.
select
    totals.quarter,
    totals.subject as theme,
    themes.title as theme_title,
    from_cell(themes.row_id, 'title') as theme_title__from,
    cast(themes.theme_order as integer) as theme_order,
    totals.funds,
    shown_in('nrf_totals', totals.row_id, 'funds') as funds__from,
    totals.allocation,
    shown_in('nrf_totals', totals.row_id, 'allocation') as allocation__from,
    totals.profile_to_date,
    shown_in('nrf_totals', totals.row_id, 'profile_to_date') as profile_to_date__from,
    totals.actual_to_date,
    shown_in('nrf_totals', totals.row_id, 'actual_to_date') as actual_to_date__from,
    totals.variance,
    shown_in('nrf_totals', totals.row_id, 'variance') as variance__from,
    totals.variance_pct,
    shown_in('nrf_totals', totals.row_id, 'variance_pct') as variance_pct__from,
    totals.burn,
    shown_in('nrf_totals', totals.row_id, 'burn') as burn__from,
    totals.required_run,
    shown_in('nrf_totals', totals.row_id, 'required_run') as required_run__from,
    totals.outturn_low,
    shown_in('nrf_totals', totals.row_id, 'outturn_low') as outturn_low__from,
    totals.outturn_high,
    shown_in('nrf_totals', totals.row_id, 'outturn_high') as outturn_high__from,
    totals.carry_forward,
    shown_in('nrf_totals', totals.row_id, 'carry_forward') as carry_forward__from,
    totals.at_risk,
    shown_in('nrf_totals', totals.row_id, 'at_risk') as at_risk__from,
    totals.projects_expected,
    shown_in('nrf_totals', totals.row_id, 'projects_expected') as projects_expected__from,
    totals.projects_received,
    shown_in('nrf_totals', totals.row_id, 'projects_received') as projects_received__from,
    totals.projects_refused,
    shown_in('nrf_totals', totals.row_id, 'projects_refused') as projects_refused__from,
    totals.basis,
    shown_in('nrf_totals', totals.row_id, 'basis') as basis__from,
    totals.quarter || '|' || totals.subject as row_id,
    [themes.row_id] as rows__from
from marts.nrf_totals as totals
inner join framework.themes as themes on totals.subject = themes.theme_id
where totals.kind = 'theme'
