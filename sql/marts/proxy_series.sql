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
-- chart_mean: Mean of the values on the control chart, since the series was last counted anew.
-- lower_limit: Lower limit of the control chart (XmR).
-- upper_limit: Upper limit of the control chart (XmR).
-- is_trial: Whether the limits rest on too few values for more than trial limits.
-- rule: The rule of the control chart that the value is part of; blank where none holds.
-- variation: common cause, or special cause improving, concerning, high or low.
-- year_ago_value: The value of the same period a year before, counted in the same way.
-- year_mean: Mean of the values of the twelve months that end with the period, where there is one for each.
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
    charts.chart_mean,
    -- one mean for the whole chart: its cells are told once, at its last value
    case
        when versions.period = versions.chart_until
            then from_cells('Mean of the values on the chart', versions.chart_row_ids, 'value')
        else reckoned('Mean of the values on the chart, as at the last of them', [
            figure('proxy_series', versions.indicator_id || '|' || versions.chart_until, 'chart_mean')
        ])
    end as chart_mean__from,
    charts.lower_limit,
    reckoned('Mean less 2.66 times the mean step of its values', [figure('proxy_series', versions.key, 'chart_mean')]) as lower_limit__from,
    charts.upper_limit,
    reckoned('Mean plus 2.66 times the mean step of its values', [figure('proxy_series', versions.key, 'chart_mean')]) as upper_limit__from,
    charts.is_trial,
    reckoned('Fewer values than the setting asks for', [
        figure('proxy_series', versions.key, 'chart_mean'), setting('chart_trial_points')
    ]) as is_trial__from,
    charts.rule,
    reckoned('Rules of the control chart', chart_inputs) as rule__from,
    charts.variation,
    reckoned('Rules of the control chart', chart_inputs) as variation__from,
    versions.year_ago_value,
    from_cell(versions.year_ago_row_id, 'value') as year_ago_value__from,
    charts.year_mean,
    from_cells('Mean of the values of twelve months', versions.year_row_ids, 'value') as year_mean__from,
    versions.value_status as status,
    from_cell(versions.value_row_id, 'value') as status__from,
    versions.is_queried,
    indicators.basis,
    versions.key as row_id,
    [versions.value_row_id, indicators.row_id] as rows__from
from (
    select
        *,
        indicator_id || '|' || period as key,
        [
            figure('proxy_series', key, 'value'),
            figure('proxy_series', key, 'chart_mean'),
            figure('proxy_series', key, 'lower_limit'),
            figure('proxy_series', key, 'upper_limit')
        ] as chart_inputs
    from series.proxy_periods
) as versions
inner join measures.proxy_periods as charts on versions.row_id = charts.row_id
inner join framework.indicators as indicators on versions.indicator_row_id = indicators.row_id
where versions.horizon = 'latest'
