-- One row per proxy per target per quarter: what was known of it at the quarter's cut-off.
-- quarter: The quarter, for example 2004-05-Q1.
-- target_id: The target that the proxy speaks for.
-- parent_id: The floor target as worded.
-- indicator_id: The proxy indicator's reference.
-- title: What the proxy measures.
-- unit: The unit of its values.
-- polarity: Which way is better for the proxy itself.
-- places: Decimal places to show.
-- moves: Whether proxy and target rise together (same way) or not (opposite way).
-- rationale: Why it is believed to be a proxy.
-- latest_value: The newest value known by the cut-off, in the proxy's unit.
-- latest_status: Its mark: p provisional and so on; blank if plain.
-- latest_label: The period it measures, as people say it.
-- latest_period: The period it measures, as ISO start and duration.
-- previous_value: The value of the measured period before.
-- previous_label: The period of the previous value.
-- direction: up, down or same since the previous value; blank where there is none.
-- variation: What the control chart says of it; blank, as this method is not built yet.
-- assurance: Whether it can be expected to meet its target; blank, as this method is not built yet.
-- link_grade: How strong the link to the target is; blank, as this method is not built yet.
-- age_months: Whole months from the end of that period to the cut-off.
-- is_stale: Whether a newer value ought to have been known by the cut-off.
-- partner: The partner that sent the value.
-- is_queried: Whether the partner is asked about the value.
-- basis: How far the values can be relied on: published, as later published, or illustrative.
-- row_id: quarter|target_id|indicator_id.
select
    series.quarter,
    series.target_id,
    targets.parent_id,
    from_cell(targets.row_id, 'parent_id') as parent_id__from,
    series.indicator_id,
    indicators.title,
    indicators.unit,
    indicators.polarity,
    cast(indicators.places as integer) as places,
    links.direction as moves,
    from_cell(links.row_id, 'direction') as moves__from,
    links.rationale,
    from_cell(links.row_id, 'rationale') as rationale__from,
    series.latest_value,
    from_cell(series.latest_row_id, 'value') as latest_value__from,
    series.latest_status,
    from_cell(series.latest_row_id, 'value') as latest_status__from,
    series.latest_label,
    from_cell(series.latest_row_id, 'period') as latest_label__from,
    series.latest_period,
    from_cell(series.latest_row_id, 'period') as latest_period__from,
    series.previous_value,
    from_cell(series.previous_row_id, 'value') as previous_value__from,
    series.previous_label,
    from_cell(series.previous_row_id, 'period') as previous_label__from,
    case
        when series.latest_value > series.previous_value then 'up'
        when series.latest_value < series.previous_value then 'down'
        when series.latest_value = series.previous_value then 'same'
    end as direction,
    reckoned('Latest value against the previous', [
        figure('proxies', series.row_id, 'latest_value'), figure('proxies', series.row_id, 'previous_value')
    ]) as direction__from,
    cast(null as varchar) as variation,
    cast(null as varchar) as assurance,
    cast(null as varchar) as link_grade,
    cast(measures.age_months as integer) as age_months,
    reckoned('Whole months from the end of the period to the cut-off', [
        cell(series.latest_row_id, 'period'), cell(calendar.row_id, 'cut_off_on')
    ]) as age_months__from,
    measures.is_stale,
    reckoned('Age over frequency plus release lag, against the limit', [
        figure('proxies', series.row_id, 'age_months'),
        cell(indicators.row_id, 'frequency_months'),
        cell(indicators.row_id, 'release_lag_months'),
        setting('stale_above')
    ]) as is_stale__from,
    partners.name as partner,
    coalesce(series.is_queried, false) as is_queried,
    indicators.basis,
    series.row_id,
    [indicators.row_id] as rows__from
from series.proxy_quarters as series
inner join measures.proxy_quarters as measures on series.row_id = measures.row_id
inner join framework.proxy_links as links on series.link_row_id = links.row_id
inner join framework.indicators as indicators on series.indicator_row_id = indicators.row_id
inner join staging.targets_in_force as targets
    on series.quarter = targets.quarter and series.target_id = targets.target_id
inner join staging.quarters as calendar on series.quarter = calendar.quarter
left join framework.partners as partners on series.partner = partners.partner_id
