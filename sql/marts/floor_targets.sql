-- One row per measurable target per quarter: where it stood at the quarter's cut-off.
-- quarter: The quarter, for example 2004-05-Q1.
-- target_id: The target's reference; a part of a floor target has its own.
-- parent_id: The floor target as worded that this is a part of.
-- theme: The theme's reference.
-- theme_title: The theme that answers for it.
-- title: What is measured.
-- lead_partner: The partner that answers for the floor target.
-- target_type: How the target is reckoned, for example PCT_REDUCTION.
-- unit: The unit of every value in the row.
-- polarity: Which way is better.
-- places: Decimal places to show.
-- baseline_label: The period that progress counts from.
-- baseline_value: The value in that period, in the target's unit.
-- baseline_basis: How far the baseline can be relied on: published, as later published, or illustrative.
-- target_label: The period in which the target is to be met.
-- target_value: The value to reach, in the target's unit; for a gap or a multiple, as the comparator stands now.
-- due_on: The last day of the target period.
-- latest_value: The newest value published by the cut-off, in the target's unit.
-- latest_status: Its mark: p provisional, r revised, e estimated and so on; blank if plain.
-- latest_label: The period it measures, as people say it.
-- latest_period: The period it measures, as ISO start and duration.
-- latest_on: The last day of that period.
-- latest_lower: Lower end of its 95% confidence interval.
-- latest_upper: Upper end of its 95% confidence interval.
-- interval_method: How the interval was come by: as sent, Wilson, Byar or exact Poisson.
-- recent_trend: increasing, decreasing or no clear trend over the newest values that don't overlap.
-- recent_trend_better: improving, worsening or no clear trend: the same by which way is better.
-- recent_trend_reason: Why no trend can be told; blank where one is.
-- published_on: The day it was published; period end plus the framework's release lag where nobody said.
-- age_months: Whole months from the end of that period to the cut-off.
-- is_stale: Whether a newer value ought to have been out by the cut-off.
-- next_release_on: The day by which the next value is due out.
-- previous_value: The value of the measured period before, in the target's unit; blank before a break in the series.
-- previous_label: The period of the previous value.
-- trajectory: The shape of its trajectory: linear, geometric, S-curve or milestones.
-- trajectory_value: The value needed at the end of the latest period, on the target's trajectory.
-- needed_places: Decimals to show that value with: enough that the on-course ratio can be worked out from what is shown.
-- judged_by: What the target is judged by, where that is not the value itself.
-- judged_value: The latest figure it is judged by: the value, or its gap, multiple or improvement.
-- judged_baseline: The same in the baseline period.
-- judged_needed: The same as needed at the end of the latest period.
-- judged_target: The same as to be reached.
-- judged_places: Decimals to show these four with, to the same end.
-- on_course: Share made of the improvement needed by then (1 is on course); below 0 the value is worse than at the baseline; blank while next to none is needed (setting early_share).
-- progress: Share of the whole improvement made so far (1 is the target).
-- comparator_value: The value of the area it is compared with, for the same period.
-- comparator_title: The area it is compared with.
-- gap: Latest value less the comparator's, in the target's unit.
-- gap_pct: The gap in per cent of the comparator's value; above 0 is behind.
-- gap_published: The gap as its source prints it; kept apart, as it may be reckoned from unrounded rates.
-- position: The rating of where it stands; blank where it can't be said.
-- position_reason: Which figures led to it, or why there is none.
-- outlook: The rating of where it is heading: the band that the chance of reaching the target lies in.
-- outlook_word: That chance in a word.
-- outlook_band: The band of chances.
-- outlook_low: The lowest chance of any method used, from 0 to 1.
-- outlook_high: The highest chance of any method used, from 0 to 1.
-- outlook_points: Independent points that it rests on: since the last break, none overlapping another.
-- outlook_reason: Why nothing is said of the chance; blank where it is.
-- overall: The worse of position and outlook; the one that can be said where the other can't.
-- overall_mark: u where one of the two can't be said, x where neither can.
-- rating_suggested: The rating that the rules suggest: the overall one.
-- rating_partner: The partner's own rating in the quarter's return.
-- rating_moderated: The partnership's moderated rating of the quarter (marts.ratings has its reason).
-- rating_official: The official rating of the quarter, by the Government Office or who has its place.
-- rating: The rating shown: the first that was given in the framework's order (setting rating_order); the best of the scale never on a stale or missing value.
-- rating_source: Which of them is shown: official, moderated, own or suggested by rule.
-- rating_reason: Whose rating it is and why, and which figures led the rule to its own; or why there is none.
-- rating_differs: Where the ratings given are not the same: which is shown and the reason of each.
-- is_queried: Whether the partner is asked about the latest value.
-- commentary: What the partner says of it in the return of the quarter; blank where it says nothing then.
-- values_basis: How far the values can be relied on: published, as later published, or illustrative.
-- note: What a reader of the figure must know.
-- row_id: quarter|target_id.
select
    series.quarter,
    series.target_id,
    targets.parent_id,
    targets.theme_id as theme,
    from_cell(targets.row_id, 'theme_id') as theme__from,
    themes.title as theme_title,
    from_cell(themes.row_id, 'title') as theme_title__from,
    targets.title,
    partners.name as lead_partner,
    from_cell(parents.row_id, 'lead_partner_id') as lead_partner__from,
    targets.target_type,
    targets.unit,
    targets.polarity,
    cast(targets.places as integer) as places,
    targets.baseline_period_label as baseline_label,
    from_cell(targets.row_id, 'baseline_period') as baseline_label__from,
    series.baseline_value,
    case
        when series.baseline_row_ids is null then from_cell(targets.row_id, 'baseline_value')
        else reckoned(
            'The value sent for the baseline period, or the mean of those sent for the years within it',
            list_transform(series.baseline_row_ids, lambda row_id: cell(row_id, 'value'))
        )
    end as baseline_value__from,
    targets.baseline_basis,
    targets.target_period_label as target_label,
    from_cell(targets.row_id, 'target_period') as target_label__from,
    measures.target_value,
    case
        when targets.target_value is not null and measures.judged_by is null then from_cell(targets.row_id, 'target_value')
        else reckoned('What the target asks for, by its type, from baseline, stated change and comparator', target_inputs)
    end as target_value__from,
    targets.target_period_end as due_on,
    from_cell(targets.row_id, 'target_period') as due_on__from,
    series.latest_value,
    from_cell(series.latest_row_id, 'value') as latest_value__from,
    series.latest_status,
    from_cell(series.latest_row_id, 'value') as latest_status__from,
    series.latest_label,
    from_cell(series.latest_row_id, 'period') as latest_label__from,
    series.latest_period,
    from_cell(series.latest_row_id, 'period') as latest_period__from,
    series.latest_on,
    from_cell(series.latest_row_id, 'period') as latest_on__from,
    doubt.lower as latest_lower,
    interval_of(series.latest_row_id) as latest_lower__from,
    doubt.upper as latest_upper,
    interval_of(series.latest_row_id) as latest_upper__from,
    doubt.interval_method,
    interval_of(series.latest_row_id) as interval_method__from,
    doubt.trend as recent_trend,
    reckoned('Trend of the newest values that don''t overlap', trend_inputs) as recent_trend__from,
    doubt.trend_better as recent_trend_better,
    reckoned('Trend of the newest values that don''t overlap', trend_inputs) as recent_trend_better__from,
    doubt.trend_reason as recent_trend_reason,
    reckoned('Trend of the newest values that don''t overlap', trend_inputs) as recent_trend_reason__from,
    series.published_on,
    case
        when series.is_lag_used then reckoned('End of the period plus the usual release lag', [
            cell(series.latest_row_id, 'period'), cell(targets.row_id, 'release_lag_months')
        ])
        else from_cell(series.latest_row_id, 'published_on')
    end as published_on__from,
    cast(measures.age_months as integer) as age_months,
    reckoned('Whole months from the end of the period to the cut-off', [
        cell(series.latest_row_id, 'period'), cell(calendar.row_id, 'cut_off_on')
    ]) as age_months__from,
    measures.is_stale,
    reckoned('Age over frequency plus release lag, against the limit', [
        figure('floor_targets', series.row_id, 'age_months'),
        cell(targets.row_id, 'frequency_months'),
        cell(targets.row_id, 'release_lag_months'),
        setting('stale_above')
    ]) as is_stale__from,
    measures.next_release_on,
    reckoned('End of the latest period plus the months between values and the release lag', [
        cell(series.latest_row_id, 'period'),
        cell(targets.row_id, 'frequency_months'),
        cell(targets.row_id, 'release_lag_months')
    ]) as next_release_on__from,
    series.previous_value,
    from_cell(series.previous_row_id, 'value') as previous_value__from,
    series.previous_label,
    from_cell(series.previous_row_id, 'period') as previous_label__from,
    targets.trajectory,
    measures.trajectory_value,
    reckoned('On the trajectory by days from baseline to target, at the end of the latest period', course_inputs)
        as trajectory_value__from,
    cast(coalesce(measures.needed_places, targets.places) as integer) as needed_places,
    measures.judged_by,
    reckoned('What the type of target and its comparator make of it', [
        cell(targets.row_id, 'target_type'), cell(targets.row_id, 'comparator_area_id')
    ]) as judged_by__from,
    measures.judged_value,
    reckoned('The value, or its gap to, multiple of or improvement against the comparator', judged_inputs)
        as judged_value__from,
    measures.judged_baseline,
    reckoned('The same in the baseline period', target_inputs) as judged_baseline__from,
    measures.judged_needed,
    reckoned('On the trajectory by days from baseline to target, at the end of the latest period', course_inputs)
        as judged_needed__from,
    measures.judged_target,
    reckoned('What the target asks for, by its type, from baseline, stated change and comparator', target_inputs)
        as judged_target__from,
    cast(measures.judged_places as integer) as judged_places,
    measures.on_course,
    reckoned('(latest - baseline) / (needed - baseline), by what the target is judged by', [
        figure('floor_targets', series.row_id, 'judged_value'),
        figure('floor_targets', series.row_id, 'judged_baseline'),
        figure('floor_targets', series.row_id, 'judged_needed')
    ]) as on_course__from,
    measures.progress,
    reckoned('(latest - baseline) / (target - baseline), by what the target is judged by', [
        figure('floor_targets', series.row_id, 'judged_value'),
        figure('floor_targets', series.row_id, 'judged_baseline'),
        figure('floor_targets', series.row_id, 'judged_target')
    ]) as progress__from,
    series.comparator_value,
    from_cell(series.comparator_row_id, 'value') as comparator_value__from,
    areas.name as comparator_title,
    from_cell(targets.row_id, 'comparator_area_id') as comparator_title__from,
    series.latest_value - series.comparator_value as gap,
    reckoned('Latest value less the comparator for the same period', [
        figure('floor_targets', series.row_id, 'latest_value'),
        figure('floor_targets', series.row_id, 'comparator_value')
    ]) as gap__from,
    measures.gap_pct,
    reckoned('The gap over the comparator''s value, in per cent', [
        figure('floor_targets', series.row_id, 'latest_value'),
        figure('floor_targets', series.row_id, 'comparator_value')
    ]) as gap_pct__from,
    series.gap_published,
    from_cell(series.latest_row_id, 'gap_published') as gap_published__from,
    measures.position,
    reckoned('On-course ratio on the framework''s rating scale', rating_inputs) as position__from,
    measures.position_reason,
    measures.outlook,
    reckoned('The band of the chance of reaching the target', outlook_inputs) as outlook__from,
    measures.outlook_word,
    reckoned('The band of the chance of reaching the target', outlook_inputs) as outlook_word__from,
    measures.outlook_band,
    reckoned('The band of the chance of reaching the target', outlook_inputs) as outlook_band__from,
    measures.outlook_low,
    reckoned('The lowest chance of the methods named in the settings', outlook_inputs) as outlook_low__from,
    measures.outlook_high,
    reckoned('The highest chance of the methods named in the settings', outlook_inputs) as outlook_high__from,
    cast(measures.outlook_points as integer) as outlook_points,
    reckoned('Counted: points since the last break that do not overlap', outlook_inputs) as outlook_points__from,
    measures.outlook_reason,
    measures.overall,
    reckoned('The worse of position and outlook', overall_inputs) as overall__from,
    measures.overall_mark,
    reckoned('What can''t be said of position and outlook', overall_inputs) as overall_mark__from,
    measures.overall as rating_suggested,
    reckoned('The worse of position and outlook', [figure('floor_targets', series.row_id, 'overall')])
        as rating_suggested__from,
    series.rating_partner,
    from_cell(series.rating_row_id, 'rating') as rating_partner__from,
    moderated.rating as rating_moderated,
    from_cell(moderated.row_id, 'rating') as rating_moderated__from,
    official.rating as rating_official,
    from_cell(official.row_id, 'rating') as rating_official__from,
    shown.one.rating as rating,
    reckoned('The first given in the framework''s order, the best never on a stale or missing value', [
        figure('floor_targets', series.row_id, case shown.one.source when 'own' then 'rating_partner' else 'rating_' || shown.one.source end),
        figure('floor_targets', series.row_id, 'is_stale'),
        setting('rating_order')
    ]) as rating__from,
    rating_source_word(shown.one.source) as rating_source,
    case
        when shown.one.source = 'moderated' then rating_by('Moderated', moderated.rated_by, moderated.rated_on, moderated.reason)
        when shown.one.source = 'official' then rating_by('Official rating', official.rated_by, official.rated_on, official.reason)
        when shown.one.source = 'own' then rating_by('The partner''s own rating', null, null, own.commentary)
        else ''
    end
    -- what the figures say, also where a judgement stands above them
    || case when shown.one.source is distinct from 'suggested' and shown.one is not null then ' By rule: ' else '' end
    || measures.reason
    || coalesce(' The value for ' || series.withheld_label || ' is ' || status_words(series.withheld_status) || '.', '')
    || overdue_words(measures.next_release_on, calendar.cut_off_on) as rating_reason,
    rating_differs(four.given, shown.one, rules.words, rules.best, four.is_old) as rating_differs,
    coalesce(series.is_queried, false) as is_queried,
    series.commentary,
    from_cell(series.commentary_row_id, 'commentary') as commentary__from,
    case
        when series.latest_period = targets.baseline_period and series.latest_value = targets.baseline_value
            then coalesce(targets.baseline_basis, targets.values_basis)
        else targets.values_basis
    end as values_basis,
    targets.note,
    series.row_id,
    [targets.row_id] as rows__from
from (
    select
        *,
        [
            figure('floor_targets', row_id, 'on_course'),
            figure('floor_targets', row_id, 'latest_value'),
            figure('floor_targets', row_id, 'latest_lower'),
            figure('floor_targets', row_id, 'latest_upper'),
            figure('floor_targets', row_id, 'is_stale'),
            figure('floor_targets', row_id, 'judged_target'),
            setting('early_share')
        ] || parts_of(scale_rows, 'lowest_on_course') || list_transform(coalesce(element_ids, []), lambda id: figure('floor_targets', quarter || '|' || id, 'position'))
            as rating_inputs,
        [
            figure('floor_targets', row_id, 'baseline_value'),
        ] || goal_inputs(target_row_id, null, comparator_baseline_row_id, comparator_row_id) as target_inputs,
        [
            figure('floor_targets', row_id, 'latest_value'),
            figure('floor_targets', row_id, 'comparator_value'),
            figure('floor_targets', row_id, 'baseline_value'),
            cell(target_row_id, 'target_type')
        ] as judged_inputs,
        [
            figure('floor_targets', row_id, 'judged_baseline'),
            figure('floor_targets', row_id, 'judged_target')
        ] || course_inputs(target_row_id, latest_row_id, milestone_row_ids, trajectory) as course_inputs,
        parts_of(history_row_ids, 'value') || parts_of(history_comparator_row_ids, 'value') || [
            figure('floor_targets', row_id, 'judged_target'),
            cell(target_row_id, 'target_period'),
            setting('outlook_methods')
        ] || parts_of(scale_rows, 'lowest_chance') || list_transform(coalesce(element_ids, []), lambda id: figure('floor_targets', quarter || '|' || id, 'outlook'))
            as outlook_inputs,
        [
            figure('floor_targets', row_id, 'position'),
            figure('floor_targets', row_id, 'outlook'),
            cell(target_row_id, 'target_period')
        ] as overall_inputs
    from series.target_quarters
    left join (
        select composite_id as of_id, quarter as of_quarter, list(target_id order by target_id) as element_ids
        from series.target_quarters where composite_id is not null group by composite_id, quarter
    ) on target_id = of_id and quarter = of_quarter
    cross join (select list(row_id order by rank) as scale_rows from framework.rating_scale)
) as series
inner join measures.target_quarters as measures on series.row_id = measures.row_id
inner join (
    select
        row_id,
        [setting('trend_points')]
        || parts_of(value_row_ids, 'value') || parts_of(value_row_ids, 'lower') || parts_of(value_row_ids, 'upper')
        || parts_of(value_row_ids, 'numerator') || parts_of(value_row_ids, 'denominator') as trend_inputs
    from series.doubt_quarters
) as known on series.row_id = known.row_id
inner join measures.doubt_quarters as doubt on series.row_id = doubt.row_id
inner join framework.targets as targets on series.target_row_id = targets.row_id
inner join framework.parent_targets as parents on targets.parent_id = parents.parent_id
left join framework.themes as themes on targets.theme_id = themes.theme_id
inner join staging.quarters as calendar on series.quarter = calendar.quarter
left join framework.partners as partners on parents.lead_partner_id = partners.partner_id
left join framework.areas as areas on targets.comparator_area_id = areas.area_id
left join staging.floor_targets as own on series.rating_row_id = own.row_id
left join staging.judgements as moderated
    on
        series.quarter = moderated.quarter and series.target_id = moderated.subject
        and moderated.subject_kind = 'target' and moderated.kind = 'moderated'
left join staging.judgements as official
    on
        series.quarter = official.quarter and series.target_id = official.subject
        and official.subject_kind = 'target' and official.kind = 'official'
cross join staging.rating_rules as rules
left join lateral (
    select
        four_ratings(
            official.rating, official.reason, moderated.rating, moderated.reason,
            series.rating_partner, own.commentary, measures.overall, measures.reason
        ) as given,
        case
            -- a composite has no value of its own; what is stale or missing among its elements is not rated there
            when targets.target_type = 'COMPOSITE' then measures.overall is null
            else series.latest_value is null or measures.is_stale is distinct from false
        end as is_old
) as four on true
left join lateral (select rating_shown(four.given, rules.sources, rules.best, four.is_old) as one) as shown on true
