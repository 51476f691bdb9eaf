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
-- year_ago_value: The value of the same period a year before, counted in the same way.
-- year_mean: Mean of the values of the twelve months that end with the latest period, where there is one for each.
-- chart_mean: Mean of the values on the control chart.
-- lower_limit: Lower limit of the control chart (XmR).
-- upper_limit: Upper limit of the control chart (XmR).
-- chart_points: How many values the limits rest on.
-- is_trial: Whether these are too few for more than trial limits.
-- variation: What the control chart says of the latest value: common cause, or special cause improving, concerning, high or low.
-- variation_rule: The rule of the control chart by which it is a special cause.
-- own_target: The value that the indicator itself is meant to reach, where one was set.
-- assurance: Whether it can be expected to meet its own target as it now runs: consistent pass, consistent fail or inconsistent.
-- link_grade: How strong the link to the target is: A proven and early, B likely, C plausible and not shown, D contradicts or stale.
-- link_reason: Why it has this grade.
-- lead_months: How many months before the target the proxy has moved most alike; blank where not tested.
-- link_p: How often chance alone would make the two move so alike; blank where not tested.
-- link_pairs: Pairs of changes that there were to test by.
-- says: better or worse: what a special cause of the proxy means for the target; blank where it is common cause, stale or of grade D.
-- headline: better, worse or same: how the target's own latest value compares with the one before, counted in the same way.
-- is_disagreeing: Whether the proxy says better and the headline worse, or the other way round; blank where one says nothing.
-- warning: The sentence that says so.
-- against_rating: Where the rating shown of the target and the proxy's control chart differ: a sentence that says why.
-- age_months: Whole months from the end of that period to the cut-off.
-- is_stale: Whether a newer value ought to have been known by the cut-off.
-- rating_own: The partner's or the partnership's own rating of the proxy in the quarter; no rule suggests one.
-- rating_moderated: The moderated rating of the quarter.
-- rating_official: The official rating of the quarter.
-- rating: The rating shown: the first given in the framework's order (setting rating_order), else the own one; the best never on a stale or missing value.
-- rating_source: Which of them is shown.
-- rating_reason: Who gave it and why; blank where there is none.
-- partner: The partner that sent the value.
-- is_queried: Whether the partner is asked about the value.
-- basis: How far the values can be relied on: published, as later published, or illustrative.
-- row_id: quarter|target_id|indicator_id.
with linked as (
    -- what a grade is worked out from; what is believed of the link, where neither has a value yet
    select
        series.row_id,
        series.target_row_ids,
        [cell(proxies.link_row_id, 'direction')] || list_concat(
            list_transform(coalesce(series.target_row_ids, []), lambda row_id: cell(row_id, 'value')),
            list_transform(coalesce(series.proxy_row_ids, []), lambda row_id: cell(row_id, 'value'))
        ) as link_inputs
    from series.link_quarters as series
    inner join series.proxy_quarters as proxies on series.row_id = proxies.row_id
),

judged as (select * from staging.judgements where subject_kind = 'proxy'),

spoken as (
    select
        proxies.row_id,
        graded.headline,
        says(charts.variation, indicators.polarity, links.direction, targets.polarity, graded.grade) as says
    from series.proxy_quarters as proxies
    inner join measures.link_quarters as graded on proxies.row_id = graded.row_id
    inner join framework.proxy_links as links on proxies.link_row_id = links.row_id
    inner join framework.indicators as indicators on proxies.indicator_row_id = indicators.row_id
    inner join staging.targets_in_force as targets
        on proxies.quarter = targets.quarter and proxies.target_id = targets.target_id
    left join measures.proxy_periods as charts
        on proxies.quarter || '|' || proxies.indicator_id || '|' || proxies.latest_period = charts.row_id
)

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
    periods.year_ago_value,
    from_cell(periods.year_ago_row_id, 'value') as year_ago_value__from,
    charts.year_mean,
    from_cells('Mean of the values of twelve months', periods.year_row_ids, 'value') as year_mean__from,
    charts.chart_mean,
    from_cells('Mean of the values on the chart', periods.chart_row_ids, 'value') as chart_mean__from,
    charts.lower_limit,
    reckoned('Mean less 2.66 times the mean step of its values', [figure('proxies', series.row_id, 'chart_mean')]) as lower_limit__from,
    charts.upper_limit,
    reckoned('Mean plus 2.66 times the mean step of its values', [figure('proxies', series.row_id, 'chart_mean')]) as upper_limit__from,
    cast(charts.chart_points as integer) as chart_points,
    reckoned('Counted: values of the mean', [figure('proxies', series.row_id, 'chart_mean')]) as chart_points__from,
    charts.is_trial,
    reckoned('Fewer values than the setting asks for', [
        figure('proxies', series.row_id, 'chart_points'), setting('chart_trial_points')
    ]) as is_trial__from,
    charts.variation,
    reckoned('Rules of the control chart', chart_inputs) as variation__from,
    charts.rule as variation_rule,
    reckoned('Rules of the control chart', chart_inputs) as variation_rule__from,
    indicators.target_value as own_target,
    from_cell(indicators.row_id, 'target_value') as own_target__from,
    charts.assurance,
    reckoned('Own target against the limits', [
        figure('proxies', series.row_id, 'own_target'),
        figure('proxies', series.row_id, 'lower_limit'),
        figure('proxies', series.row_id, 'upper_limit')
    ]) as assurance__from,
    graded.grade as link_grade,
    reckoned('Rank correlation of changes, and its chance', linked.link_inputs) as link_grade__from,
    graded.reason as link_reason,
    reckoned('Rank correlation of changes, and its chance', linked.link_inputs) as link_reason__from,
    cast(graded.lead_months as integer) as lead_months,
    reckoned('The lead with the largest rank correlation', linked.link_inputs) as lead_months__from,
    graded.p as link_p,
    reckoned('Share of shuffles with as large a rank correlation', linked.link_inputs) as link_p__from,
    cast(graded.pairs as integer) as link_pairs,
    reckoned('Counted: changes of the target beside which the proxy is known', linked.link_inputs) as link_pairs__from,
    spoken.says,
    reckoned('Side of the mean, by how the two move and which way is better', [
        figure('proxies', series.row_id, 'variation'),
        figure('proxies', series.row_id, 'latest_value'),
        figure('proxies', series.row_id, 'chart_mean'),
        figure('proxies', series.row_id, 'moves'),
        figure('proxies', series.row_id, 'link_grade'),
        cell(targets.row_id, 'polarity')
    ]) as says__from,
    spoken.headline,
    from_cells('Latest value of the target against the one before', linked.target_row_ids[-2:], 'value')
        as headline__from,
    disagrees(spoken.says, spoken.headline) as is_disagreeing,
    reckoned('What the proxy says against the headline', [
        figure('proxies', series.row_id, 'says'), figure('proxies', series.row_id, 'headline')
    ]) as is_disagreeing__from,
    disagreement(spoken.says, spoken.headline, series.latest_label) as warning,
    reckoned('What the proxy says against the headline', [
        figure('proxies', series.row_id, 'says'), figure('proxies', series.row_id, 'headline')
    ]) as warning__from,
    chart_against_rating(
        spoken.says, headlines.rating, rules.words, rules.ranks[headlines.rating] > len(rules.codes) / 2,
        headlines.rating_source
    ) as against_rating,
    reckoned('What the proxy says against the target''s rating', [
        figure('proxies', series.row_id, 'says'), figure('floor_targets', headlines.row_id, 'rating')
    ]) as against_rating__from,
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
    own.rating as rating_own,
    from_cell(own.row_id, 'rating') as rating_own__from,
    moderated.rating as rating_moderated,
    from_cell(moderated.row_id, 'rating') as rating_moderated__from,
    official.rating as rating_official,
    from_cell(official.row_id, 'rating') as rating_official__from,
    shown.one.rating as rating,
    reckoned('The first given in the framework''s order, the best never on a stale or missing value', [
        figure('proxies', series.row_id, 'rating_' || shown.one.source),
        figure('proxies', series.row_id, 'is_stale'),
        setting('rating_order')
    ]) as rating__from,
    rating_source_word(shown.one.source) as rating_source,
    from_cell(shown_row, 'kind') as rating_source__from,
    case shown.one.source
        when 'official' then rating_by('Official rating', official.rated_by, official.rated_on, official.reason)
        when 'moderated' then rating_by('Moderated', moderated.rated_by, moderated.rated_on, moderated.reason)
        when 'own' then rating_by('Own rating', own.rated_by, own.rated_on, own.reason)
    end as rating_reason,
    from_cell(shown_row, 'reason') as rating_reason__from,
    partners.name as partner,
    coalesce(series.is_queried, false) as is_queried,
    indicators.basis,
    series.row_id,
    [indicators.row_id] as rows__from
from (
    select
        *,
        [
            figure('proxies', row_id, 'latest_value'),
            figure('proxies', row_id, 'chart_mean'),
            figure('proxies', row_id, 'lower_limit'),
            figure('proxies', row_id, 'upper_limit')
        ] as chart_inputs
    from series.proxy_quarters
) as series
inner join measures.proxy_quarters as measures on series.row_id = measures.row_id
inner join framework.proxy_links as links on series.link_row_id = links.row_id
inner join framework.indicators as indicators on series.indicator_row_id = indicators.row_id
inner join staging.targets_in_force as targets
    on series.quarter = targets.quarter and series.target_id = targets.target_id
inner join staging.quarters as calendar on series.quarter = calendar.quarter
left join framework.partners as partners on series.partner = partners.partner_id
left join series.proxy_periods as periods
    on series.quarter || '|' || series.indicator_id || '|' || series.latest_period = periods.row_id
left join measures.proxy_periods as charts on periods.row_id = charts.row_id
inner join measures.link_quarters as graded on series.row_id = graded.row_id
inner join linked on series.row_id = linked.row_id
inner join spoken on series.row_id = spoken.row_id
left join marts.floor_targets as headlines
    on series.quarter = headlines.quarter and series.target_id = headlines.target_id
left join judged as own on series.quarter = own.quarter and series.indicator_id = own.subject and own.kind = 'own'
left join judged as moderated
    on series.quarter = moderated.quarter and series.indicator_id = moderated.subject and moderated.kind = 'moderated'
left join judged as official
    on series.quarter = official.quarter and series.indicator_id = official.subject and official.kind = 'official'
cross join staging.rating_rules as rules
left join lateral (
    select rating_shown(
        four_ratings(official.rating, official.reason, moderated.rating, moderated.reason, own.rating, own.reason, null, null),
        list_append(rules.sources, 'own'),
        rules.best,
        series.latest_value is null or measures.is_stale is distinct from false
    ) as one
) as shown on true
left join lateral (
    select case shown.one.source when 'official' then official.row_id when 'moderated' then moderated.row_id else own.row_id end
        as shown_row
) as judgement on true
