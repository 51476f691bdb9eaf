-- One row per proxy indicator per measured period, as last known.
-- indicator_id: The indicator's reference.
-- title: What it measures.
-- unit: The unit of its values.
-- places: Decimal places to show.
-- period: The period, as ISO start and duration.
-- period_label: The period, as people say it.
-- period_start: Its first day.
-- period_end: Its last day.
-- value: The value, in the indicator's unit.
-- lower: Lower end of its 95% confidence interval.
-- upper: Upper end of its 95% confidence interval.
-- status: The mark of the value: p provisional, x not available and so on; blank if plain.
-- is_queried: Whether the partner is asked about the value.
-- basis: How far the values can be relied on: published, as later published, or illustrative.
-- row_id: indicator_id|period.
select
    versions.indicator_id,
    indicators.title,
    indicators.unit,
    cast(indicators.places as integer) as places,
    versions.period,
    versions.period_label,
    versions.period_start,
    versions.period_end,
    versions.value,
    versions.lower,
    versions.upper,
    versions.value_status as status,
    from_cell(versions.row_id, 'value') as status__from,
    versions.is_queried,
    indicators.basis,
    versions.indicator_id || '|' || versions.period as row_id,
    [versions.row_id, indicators.row_id] as rows__from
from staging.known_proxies as versions
inner join framework.indicators as indicators on versions.indicator_row_id = indicators.row_id
where versions.horizon = 'latest'
