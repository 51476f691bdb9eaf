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
-- target_value: The value to reach, in the target's unit.
-- due_on: The last day of the target period.
-- latest_value: The newest value published by the cut-off, in the target's unit.
-- latest_status: Its mark: p provisional, r revised, e estimated and so on; blank if plain.
-- latest_label: The period it measures, as people say it.
-- latest_period: The period it measures, as ISO start and duration.
-- latest_on: The last day of that period.
-- published_on: The day it was published; period end plus the framework's release lag where nobody said.
-- age_months: Whole months from the end of that period to the cut-off.
-- is_stale: Whether a newer value ought to have been out by the cut-off.
-- previous_value: The value of the measured period before, in the target's unit.
-- previous_label: The period of the previous value.
-- trajectory_value: The value needed at the end of the latest period, on a straight line by days.
-- on_course: Share made of the improvement needed by then (1 is on course).
-- progress: Share of the whole improvement made so far (1 is the target).
-- comparator_value: The value of the area it is compared with, for the same period.
-- comparator_title: The area it is compared with.
-- gap: Latest value less the comparator's, in the target's unit.
-- position: The rating of where it stands; blank where it can't be said.
-- outlook: The rating of where it is heading; blank, as this method is not built yet.
-- rating_suggested: The rating that the rules suggest.
-- rating_partner: The partner's own rating in the quarter's return.
-- rating_moderated: The partnership's moderated rating of the quarter (marts.ratings has its reason).
-- rating_official: The official rating of the quarter, by the Government Office or who has its place.
-- rating: The rating shown: the first that was given in the framework's order (setting rating_order); the best of the scale never on a stale or missing value.
-- rating_source: Which of them is shown: official, moderated, own or suggested by rule.
-- rating_reason: Why it has this rating, or why it has none.
-- rating_differs: Where the ratings given are not the same: which is shown and the reason of each.
-- is_queried: Whether the partner is asked about the latest value.
-- commentary: The partner's words on the latest value.
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
    targets.baseline_value,
    targets.baseline_basis,
    targets.target_period_label as target_label,
    from_cell(targets.row_id, 'target_period') as target_label__from,
    measures.target_value,
    case
        when targets.target_value is not null then from_cell(targets.row_id, 'target_value')
        else reckoned('Baseline less or plus the change that the target states', [
            figure('floor_targets', series.row_id, 'baseline_value'), cell(targets.row_id, 'target_change')
        ])
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
    series.previous_value,
    from_cell(series.previous_row_id, 'value') as previous_value__from,
    series.previous_label,
    from_cell(series.previous_row_id, 'period') as previous_label__from,
    measures.trajectory_value,
    reckoned('Straight line by days from baseline to target, at the end of the latest period', [
        figure('floor_targets', series.row_id, 'baseline_value'),
        figure('floor_targets', series.row_id, 'target_value'),
        cell(targets.row_id, 'baseline_period'),
        cell(targets.row_id, 'target_period'),
        cell(series.latest_row_id, 'period')
    ]) as trajectory_value__from,
    measures.on_course,
    reckoned('(latest - baseline) / (trajectory - baseline)', [
        figure('floor_targets', series.row_id, 'latest_value'),
        figure('floor_targets', series.row_id, 'baseline_value'),
        figure('floor_targets', series.row_id, 'trajectory_value')
    ]) as on_course__from,
    measures.progress,
    reckoned('(latest - baseline) / (target - baseline)', [
        figure('floor_targets', series.row_id, 'latest_value'),
        figure('floor_targets', series.row_id, 'baseline_value'),
        figure('floor_targets', series.row_id, 'target_value')
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
    measures.position,
    reckoned('On-course ratio on the framework''s rating scale', rating_inputs) as position__from,
    cast(null as varchar) as outlook,
    measures.position as rating_suggested,
    reckoned('On-course ratio on the framework''s rating scale', rating_inputs) as rating_suggested__from,
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
        else measures.reason
    end
    || coalesce(' The value for ' || series.withheld_label || ' was sent as ['
    || coalesce(series.withheld_status, 'x') || '].', '') as rating_reason,
    rating_differs(four.given, shown.one, rules.words, rules.best, four.is_old) as rating_differs,
    coalesce(series.is_queried, false) as is_queried,
    series.commentary,
    from_cell(series.latest_row_id, 'commentary') as commentary__from,
    targets.values_basis,
    targets.note,
    series.row_id,
    [targets.row_id] as rows__from
from (
    select
        *,
        [
            figure('floor_targets', row_id, 'on_course'),
            figure('floor_targets', row_id, 'latest_value'),
            figure('floor_targets', row_id, 'target_value'),
            setting('early_share')
        ] as rating_inputs
    from series.target_quarters
) as series
inner join measures.target_quarters as measures on series.row_id = measures.row_id
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
            series.rating_partner, own.commentary, measures.position, measures.reason
        ) as given,
        series.latest_value is null or measures.is_stale is distinct from false as is_old
) as four on true
left join lateral (select rating_shown(four.given, rules.sources, rules.best, four.is_old) as one) as shown on true
