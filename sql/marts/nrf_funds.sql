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
select
    totals.quarter,
    totals.subject as fund,
    shown_in('nrf_totals', totals.row_id, 'subject') as fund__from,
    coalesce(funds.title, 'Projects that name no fund') as fund_title,
    from_cell(funds.row_id, 'title') as fund_title__from,
    awards.award,
    from_cell(awards.row_id, 'award') as award__from,
    awards.basis as award_basis,
    from_cell(awards.row_id, 'basis') as award_basis__from,
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
    measures.carry_forward,
    reckoned('Underspend of the whole fund at the lowest outturn, up to the cap', at_lowest) as carry_forward__from,
    measures.at_risk,
    reckoned('Underspend of the whole fund at the lowest outturn, beyond the cap', at_lowest) as at_risk__from,
    measures.at_risk_least,
    reckoned('Underspend of the whole fund at the highest outturn, beyond the cap', [
        figure('nrf_funds', measures.row_id, 'allocation'),
        figure('nrf_funds', measures.row_id, 'outturn_high'),
        cap
    ]) as at_risk_least__from,
    measures.rating,
    reckoned('Variance from profile on the framework''s spend bands', [
        figure('nrf_funds', measures.row_id, 'variance_pct')
    ] || parts_of(bands.row_ids, 'up_to_pct')) as rating__from,
    totals.projects_expected,
    shown_in('nrf_totals', totals.row_id, 'projects_expected') as projects_expected__from,
    totals.projects_received,
    shown_in('nrf_totals', totals.row_id, 'projects_received') as projects_received__from,
    totals.projects_refused,
    shown_in('nrf_totals', totals.row_id, 'projects_refused') as projects_refused__from,
    totals.basis,
    shown_in('nrf_totals', totals.row_id, 'basis') as basis__from,
    measures.row_id
from marts.nrf_totals as totals
inner join measures.fund_quarters as measures on totals.quarter || '|' || totals.subject = measures.row_id
inner join staging.quarters as quarters on totals.quarter = quarters.quarter
left join framework.funds as funds on totals.subject = funds.fund_id
left join framework.fund_years as awards
    on
        totals.subject = awards.fund_id
        and quarters.financial_year = awards.financial_year
        and awards.known_on <= quarters.cut_off_on
cross join (select list(row_id order by band) as row_ids from framework.spend_bands) as bands
cross join lateral (
    select carry_cap(case when funds.carry_cap_pct is not null then funds.row_id end) as cap
) as caps
cross join lateral (
    select [
        figure('nrf_funds', measures.row_id, 'allocation'),
        figure('nrf_funds', measures.row_id, 'outturn_low'),
        cap
    ] as at_lowest
) as inputs
where totals.kind = 'fund'
