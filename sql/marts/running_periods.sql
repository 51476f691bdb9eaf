-- One row per target per quarter of whose next own value a part is known, from a proxy that adds up to it.
-- quarter: The quarter, for example 2004-05-Q1.
-- target_id: The target's reference.
-- indicator_id: The proxy that adds up to it.
-- running_on: The last day of the period that is running.
-- known_on: The last day of the part that is known.
-- months: How many months the whole has.
-- months_known: How many of them are known.
-- so_far: The proxy's values of these months added up; blank for a share.
-- so_far_status: Its mark, where one of them may change: e estimated, f forecast, p provisional.
-- at_pace: What the whole would come to if the rest is like the part that is known.
-- needed: The value needed at its end, on the target's trajectory.
-- outlook: The band of the chance to reach that, as a rating; blank where it can't be said.
-- outlook_word: That chance in a word.
-- outlook_band: The band of chances.
-- reason: Which figures led to it, or why it can't be said.
-- unit: The unit of the values.
-- places: Decimal places to show.
-- basis: How far the values can be relied on: published, as later published, or illustrative.
-- row_id: quarter|target_id.
select
    series.quarter,
    series.target_id,
    from_cell(series.target_row_id, 'target_id') as target_id__from,
    series.indicator_id,
    from_cell(series.link_row_id, 'indicator_id') as indicator_id__from,
    series.running_on,
    from_cells('As long as the target''s own, with the parts in it', series.part_row_ids, 'period') as running_on__from,
    series.known_on,
    from_cells('The end of the last part', series.part_row_ids, 'period') as known_on__from,
    cast(series.months as integer) as months,
    from_cells('As long as the target''s own, with the parts in it', series.part_row_ids, 'period') as months__from,
    cast(series.months_known as integer) as months_known,
    from_cells('Months of the parts', series.part_row_ids, 'period') as months_known__from,
    case when series.unit <> '%' then series.so_far end as so_far,
    from_cells('Sum of the parts', series.part_row_ids, 'value') as so_far__from,
    series.so_far_status,
    from_cells('The mark of a part that may change', series.part_row_ids, 'value') as so_far_status__from,
    measures.at_pace,
    reckoned('The parts over their months, times all months; of a share the parts'' numerators over their denominators', known)
        as at_pace__from,
    measures.needed,
    reckoned('On the trajectory by days from baseline to target, at the end of the period', goal || course) as needed__from,
    measures.outlook,
    reckoned('The band of the chance by the count''s or the share''s own model', chances) as outlook__from,
    measures.outlook_word,
    reckoned('The band of the chance by the count''s or the share''s own model', chances) as outlook_word__from,
    measures.outlook_band,
    reckoned('The band of the chance by the count''s or the share''s own model', chances) as outlook_band__from,
    measures.reason,
    reckoned('The figures in a sentence', chances) as reason__from,
    targets.unit,
    cast(targets.places as integer) as places,
    targets.values_basis as basis,
    from_cell(targets.row_id, 'values_basis') as basis__from,
    series.row_id,
    [targets.row_id] as rows__from
from series.running_quarters as series
inner join measures.running_quarters as measures on series.row_id = measures.row_id
inner join framework.targets as targets on series.target_row_id = targets.row_id
cross join lateral (
    select
        parts_of(series.part_row_ids, 'value') || parts_of(series.part_row_ids, 'numerator')
        || parts_of(series.part_row_ids, 'denominator') as known,
        goal_inputs(series.target_row_id, series.baseline_row_ids, series.comparator_baseline_row_id, null) as goal,
        course_inputs(series.target_row_id, null, series.milestone_row_ids, series.trajectory) as course
) as inputs
cross join lateral (
    select known || [figure('running_periods', series.row_id, 'needed')] as chances
) as all_inputs
