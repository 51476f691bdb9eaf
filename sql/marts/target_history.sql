-- One row per measurable target per measured period per quarter: what was known at the quarter's cut-off.
-- quarter: The quarter at whose cut-off it was known.
-- target_id: The target's reference.
-- period: The period, as ISO start and duration.
-- period_label: The period, as people say it.
-- period_start: Its first day.
-- period_end: Its last day.
-- value: The partnership's own area's value, in the target's unit.
-- lower: Lower end of its 95% confidence interval.
-- upper: Upper end of its 95% confidence interval.
-- trajectory_value: The value needed at the end of the period, on the target's trajectory.
-- needed_places: Decimals to show that value with: enough that the on-course ratio can be worked out from what is shown.
-- on_course: Share made of the improvement needed by then (1 is on course).
-- counted_since: The day from which the series was counted anew for the last time before the period; blank if it never was. Values on both sides of it are not compared.
-- comparator_value: The value of the area it is compared with, for the same period.
-- comparator_title: The area it is compared with.
-- gap: Value less the comparator's, in the target's unit.
-- gap_pct: The gap in per cent of the comparator's value; above 0 is behind.
-- gap_published: The gap as its source prints it; kept apart, as it may be reckoned from unrounded rates.
-- year_ago_value: For a quarter, the value of the same quarter a year before, so that seasons cancel.
-- four_quarters: For a quarter, the mean of it and the three quarters before.
-- status: The mark of the value: p provisional, x not available and so on; blank if plain.
-- published_on: The day it was published; period end plus the framework's release lag where nobody said.
-- is_queried: Whether the partner is asked about the value.
-- basis: How far the value can be relied on (published, as later published or illustrative); the baseline's value that of the baseline.
-- row_id: quarter|target_id|period.
select
    series.horizon as quarter,
    series.target_id,
    series.period,
    series.period_label,
    series.period_start,
    series.period_end,
    series.value,
    series.lower,
    series.upper,
    measures.trajectory_value,
    reckoned('On the trajectory by days from baseline to target, at the end of the period', goal || course)
        as trajectory_value__from,
    cast(coalesce(measures.needed_places, series.places) as integer) as needed_places,
    measures.on_course,
    reckoned('(value - baseline) / (needed - baseline), by what the target is judged by', [
        figure('target_history', series.row_id, 'value'),
        figure('target_history', series.row_id, 'trajectory_value')
    ] || goal) as on_course__from,
    series.counted_since,
    from_cell((
        select max(breaks.row_id)
        from framework.breaks as breaks
        where breaks.series_id = series.target_id and breaks.from_on = series.counted_since
    ), 'from_on') as counted_since__from,
    series.comparator_value,
    from_cell(series.comparator_row_id, 'value') as comparator_value__from,
    series.comparator_title,
    from_cell(series.target_row_id, 'comparator_area_id') as comparator_title__from,
    series.value - series.comparator_value as gap,
    reckoned('Value less the comparator for the same period', [
        figure('target_history', series.row_id, 'value'),
        figure('target_history', series.row_id, 'comparator_value')
    ]) as gap__from,
    measures.gap_pct,
    reckoned('The gap over the comparator''s value, in per cent', [
        figure('target_history', series.row_id, 'value'),
        figure('target_history', series.row_id, 'comparator_value')
    ]) as gap_pct__from,
    series.gap_published,
    from_cell(series.value_row_id, 'gap_published') as gap_published__from,
    measures.year_ago_value,
    from_cell(series.year_ago_row_id, 'value') as year_ago_value__from,
    measures.four_quarters,
    from_cells('Mean of four quarters', series.four_row_ids, 'value') as four_quarters__from,
    series.value_status as status,
    from_cell(series.value_row_id, 'value') as status__from,
    series.published_on,
    case
        when series.is_lag_used then reckoned('End of the period plus the usual release lag', [
            cell(series.value_row_id, 'period'), cell(series.target_row_id, 'release_lag_months')
        ])
        else from_cell(series.value_row_id, 'published_on')
    end as published_on__from,
    series.is_queried,
    series.basis,
    from_cell(series.target_row_id, series.basis_column) as basis__from,
    series.row_id,
    [series.value_row_id] as rows__from
from series.target_periods as series
inner join measures.target_periods as measures on series.row_id = measures.row_id
cross join lateral (
    select
        goal_inputs(target_row_id, baseline_row_ids, comparator_baseline_row_id, comparator_row_id) as goal,
        course_inputs(target_row_id, value_row_id, milestone_row_ids, trajectory) as course
) as inputs
where series.horizon <> 'latest'
