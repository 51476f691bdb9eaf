-- One row per target per quarter per other area: the latest value here beside the one there, for the same period.
-- quarter: The quarter, for example 2004-05-Q1.
-- target_id: The target's reference.
-- area_id: The other area.
-- area_title: Its name.
-- area_kind: What kind of place it is: country, region, county, authority and so on.
-- period_label: The period of both values.
-- value: The latest value here, in the target's unit.
-- lower: Lower end of its 95% confidence interval.
-- upper: Upper end of its 95% confidence interval.
-- interval_method: How the interval was come by: as sent, Wilson, Byar or exact Poisson.
-- benchmark_value: The other area's value.
-- comparison: better, similar or worse here than there; blank where the value here has no interval.
-- comparison_reason: Why nothing is compared; blank where it is.
-- basis: How far the values can be relied on: published, as later published, or illustrative.
-- row_id: quarter|target_id|area_id.
select
    series.quarter,
    series.target_id,
    from_cell(series.target_row_id, 'target_id') as target_id__from,
    series.area_id,
    from_cell(series.area_row_id, 'area_id') as area_id__from,
    areas.name as area_title,
    from_cell(areas.row_id, 'name') as area_title__from,
    areas.kind as area_kind,
    from_cell(areas.row_id, 'kind') as area_kind__from,
    series.period_label,
    from_cell(series.value_row_id, 'period') as period_label__from,
    series.value,
    from_cell(series.value_row_id, 'value') as value__from,
    measures.lower,
    interval_of(series.value_row_id) as lower__from,
    measures.upper,
    interval_of(series.value_row_id) as upper__from,
    measures.interval_method,
    interval_of(series.value_row_id) as interval_method__from,
    series.benchmark_value,
    from_cell(series.benchmark_row_id, 'value') as benchmark_value__from,
    measures.comparison,
    reckoned('The other area''s value against the interval here', [
        figure('benchmarks', series.row_id, 'lower'),
        figure('benchmarks', series.row_id, 'upper'),
        figure('benchmarks', series.row_id, 'benchmark_value'),
        cell(series.target_row_id, 'polarity')
    ]) as comparison__from,
    measures.comparison_reason,
    interval_of(series.value_row_id) as comparison_reason__from,
    targets.values_basis as basis,
    from_cell(targets.row_id, 'values_basis') as basis__from,
    series.row_id
from series.benchmark_quarters as series
inner join measures.benchmark_quarters as measures on series.row_id = measures.row_id
inner join framework.targets as targets on series.target_row_id = targets.row_id
inner join framework.areas as areas on series.area_row_id = areas.row_id
