-- One row per NRF project per quarter in which it runs. Money in GBP, for the financial year.
-- quarter: The quarter, for example 2004-05-Q1.
-- project_id: The project's reference.
-- theme: The theme's reference.
-- theme_title: The theme it counts towards.
-- title: The project's name.
-- fund: The reference of the fund that pays for it.
-- partner: The lead body's reference.
-- partner_title: The lead body.
-- state: received, refused, withdrawn (its sender took the return back), erased (its file was) or missing: what became of its row in the quarter's return.
-- allocation: The amount approved for the year (GBP).
-- carry_in: Brought in from last year (GBP).
-- virement: Moved in from or out to other projects (GBP).
-- revised_allocation: Allocation plus carry-in plus virement, as the partner gave it (GBP).
-- last_allocation: The revised allocation of the project's last earlier return that stands, where none of this quarter does (GBP).
-- last_year: The financial year that it was the allocation of, for example 2003/04.
-- last_label: The quarter of that return, as people say it.
-- profile_to_date: Planned spend from 1 April to the end of the quarter (GBP).
-- profile_year: Planned spend of the whole year (GBP).
-- actual_this_quarter: Spend in the quarter alone (GBP).
-- actual_to_date: Spend from 1 April to the end of the quarter (GBP).
-- variance: Actual to date less profile to date (GBP).
-- variance_pct: The variance in per cent of the profile to date.
-- burn: Spend per quarter so far (GBP).
-- required_run: Spend per remaining quarter that would use the whole allocation (GBP).
-- times_burn: How many times as fast as so far it must be spent to use the whole allocation.
-- committed: Ordered or promised but not yet paid (GBP).
-- forecast_outturn: The partner's own forecast of spend by 31 March (GBP).
-- outturn_straight: Spend at the year's end if every quarter is like those passed (GBP).
-- outturn_profile: Spend at the year's end if the rest runs over or under in the same proportion (GBP).
-- outturn_plan: Spend at the year's end if the rest goes exactly to plan (GBP).
-- outturn_low: The lowest of these and the partner's own forecast (GBP).
-- outturn_high: The highest of these and the partner's own forecast (GBP).
-- carry_forward: What could be carried into next year at the lowest outturn, under the cap (GBP).
-- at_risk: What would be lost at the lowest outturn: the underspend beyond the cap (GBP).
-- at_risk_least: What would be lost at the highest outturn (GBP).
-- rating: The rating of spend by the framework's bands of variance.
-- rating_delivery: The partner's own rating of delivery.
-- rating_spend: The partner's own rating of spend.
-- rating_risk: The partner's own rating of risk.
-- output_measure: What the project produces.
-- output_target: How many were planned by the end of the quarter.
-- output_target_status: Its mark, where it has one: c confidential, e estimate and so on.
-- output_actual: How many there were by the end of the quarter.
-- output_actual_status: Its mark, where it has one.
-- milestone: The next thing that will be finished.
-- milestone_due_on: When that is due.
-- commentary: The partner's words on the figures.
-- is_queried: Whether the partner is asked about something in the row.
-- basis: How far the figures can be relied on: published, as later published, or illustrative.
-- row_id: quarter|project_id.
with inputs as (
    select
        row_id,
        figure('nrf_projects', row_id, 'actual_to_date') as actual,
        figure('nrf_projects', row_id, 'profile_to_date') as profile,
        figure('nrf_projects', row_id, 'revised_allocation') as budget,
        figure('nrf_projects', row_id, 'outturn_low') as low,
        figure('nrf_projects', row_id, 'outturn_high') as high,
        carry_cap(cap_row_id) as cap
    from series.project_quarters
)

select
    series.quarter,
    series.project_id,
    projects.theme_id as theme,
    from_cell(projects.row_id, 'theme_id') as theme__from,
    themes.title as theme_title,
    from_cell(themes.row_id, 'title') as theme_title__from,
    projects.title,
    projects.fund_id as fund,
    from_cell(projects.row_id, 'fund_id') as fund__from,
    projects.partner_id as partner,
    from_cell(projects.row_id, 'partner_id') as partner__from,
    partners.name as partner_title,
    from_cell(partners.row_id, 'name') as partner_title__from,
    series.state,
    given.allocation,
    given.carry_in,
    given.virement,
    given.revised_allocation,
    earlier.revised_allocation as last_allocation,
    from_cell(earlier.row_id, 'revised_allocation') as last_allocation__from,
    earlier.year_label as last_year,
    from_cell(earlier.calendar_row_id, 'quarter') as last_year__from,
    earlier.label as last_label,
    from_cell(earlier.calendar_row_id, 'quarter') as last_label__from,
    series.profile_to_date,
    reckoned('Sum of the profiles of the quarters to date', list_transform(
        ['profile_q1', 'profile_q2', 'profile_q3', 'profile_q4'][1:series.quarter_number], name -> cell(given.row_id, name)
    )) as profile_to_date__from,
    series.profile_year,
    reckoned('Sum of the profiles of the four quarters', list_transform(
        ['profile_q1', 'profile_q2', 'profile_q3', 'profile_q4'], name -> cell(given.row_id, name)
    )) as profile_year__from,
    series.actual_this_quarter,
    from_cell(given.row_id, 'actual_q' || series.quarter_number) as actual_this_quarter__from,
    given.actual_to_date,
    measures.variance,
    reckoned('Actual to date less profile to date', [inputs.actual, inputs.profile]) as variance__from,
    measures.variance_pct,
    reckoned('Variance in per cent of the profile to date', [inputs.actual, inputs.profile]) as variance_pct__from,
    measures.burn,
    reckoned('Actual to date over the quarters passed', [inputs.actual]) as burn__from,
    measures.required_run,
    reckoned('Allocation not yet spent over the quarters left', [inputs.budget, inputs.actual]) as required_run__from,
    measures.times_burn,
    reckoned('Required run over burn', [
        figure('nrf_projects', series.row_id, 'required_run'), figure('nrf_projects', series.row_id, 'burn')
    ]) as times_burn__from,
    given.committed,
    given.forecast_outturn,
    measures.outturn_straight,
    reckoned('Actual to date over the quarters passed, times four', [inputs.actual]) as outturn_straight__from,
    measures.outturn_profile,
    reckoned('Allocation times actual over profile to date', [inputs.budget, inputs.actual, inputs.profile]) as outturn_profile__from,
    measures.outturn_plan,
    reckoned('Actual to date plus allocation less profile to date', [inputs.budget, inputs.actual, inputs.profile]) as outturn_plan__from,
    measures.outturn_low,
    reckoned('Lowest of the outturns', outturns) as outturn_low__from,
    measures.outturn_high,
    reckoned('Highest of the outturns', outturns) as outturn_high__from,
    measures.carry_forward,
    reckoned('Underspend at the lowest outturn, up to the cap', [
        inputs.budget, inputs.low, inputs.cap
    ]) as carry_forward__from,
    measures.at_risk,
    reckoned('Underspend at the lowest outturn, beyond the cap', [
        inputs.budget, inputs.low, inputs.cap
    ]) as at_risk__from,
    measures.at_risk_least,
    reckoned('Underspend at the highest outturn, beyond the cap', [
        inputs.budget, inputs.high, inputs.cap
    ]) as at_risk_least__from,
    measures.rating,
    reckoned('Variance from profile on the framework''s spend bands', [
        figure('nrf_projects', series.row_id, 'variance_pct')
    ] || parts_of(bands.row_ids, 'up_to_pct')) as rating__from,
    given.rating_delivery,
    given.rating_spend,
    given.rating_risk,
    given.output_measure,
    given.output_target,
    given.output_target_status,
    from_cell(given.row_id, 'output_target') as output_target_status__from,
    given.output_actual,
    given.output_actual_status,
    from_cell(given.row_id, 'output_actual') as output_actual_status__from,
    given.milestone,
    given.milestone_due_on,
    given.commentary,
    coalesce(given.is_queried, false) as is_queried,
    projects.basis,
    from_cell(projects.row_id, 'basis') as basis__from,
    series.row_id,
    [given.row_id, projects.row_id] as rows__from
from series.project_quarters as series
inner join measures.project_quarters as measures on series.row_id = measures.row_id
inner join inputs on series.row_id = inputs.row_id
inner join framework.projects as projects on series.project_row_id = projects.row_id
inner join framework.themes as themes on projects.theme_id = themes.theme_id
inner join framework.partners as partners on projects.partner_id = partners.partner_id
left join staging.nrf_spend as given on series.spend_row_id = given.row_id
left join lateral (
    select
        sent.row_id, sent.revised_allocation, quarters.row_id as calendar_row_id,
        replace(left(sent.quarter, 7), '-', '/') as year_label,
        strftime(quarters.starts_on, '%b to ') || strftime(quarters.ends_on, '%b %Y') as label
    from staging.nrf_spend as sent
    inner join staging.quarters as quarters on sent.quarter = quarters.quarter
    where
        given.row_id is null and sent.project_id = series.project_id and sent.quarter < series.quarter
        and sent.revised_allocation is not null
    order by sent.quarter desc, sent.received_at desc, sent.row_id desc
    limit 1
) as earlier on true
cross join (select list(row_id order by band) as row_ids from framework.spend_bands) as bands
cross join lateral (
    select [
        figure('nrf_projects', series.row_id, 'outturn_straight'),
        figure('nrf_projects', series.row_id, 'outturn_profile'),
        figure('nrf_projects', series.row_id, 'outturn_plan'),
        figure('nrf_projects', series.row_id, 'forecast_outturn')
    ] as outturns
) as outturn_inputs
