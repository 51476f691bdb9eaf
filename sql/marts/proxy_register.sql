-- One row per target per quarter per proxy; a target without a proxy has one row that says so.
-- quarter: The quarter, for example 2004-05-Q1.
-- target_id: The target's reference.
-- parent_id: The floor target as worded.
-- title: What the target measures.
-- cover: What is known of the target between its own values: none (no proxy), only stale, or fresh (at least one proxy is).
-- indicator_id: The proxy; blank where there is none.
-- proxy_title: What the proxy measures.
-- partner: The partner that sent its latest value.
-- link_grade: How strong the link to the target is: A proven and early, B likely, C plausible and not shown, D contradicts or stale.
-- link_reason: Why it has this grade.
-- variation: What its control chart says of the latest value.
-- latest_label: The period of its latest value.
-- age_months: Whole months from the end of that period to the cut-off.
-- is_stale: Whether a newer value ought to have been known by the cut-off; blank where there never was one.
-- is_disagreeing: Whether the proxy says better and the headline worse, or the other way round; blank where one says nothing.
-- warning: The sentence that says so.
-- row_id: quarter|target_id|indicator_id, with a dash where there is no proxy.
with known as (
    select
        series.*,
        indicators.title as proxy_title,
        partners.name as partner_title,
        graded.grade,
        graded.reason,
        graded.headline,
        charts.variation,
        ages.age_months,
        ages.is_stale,
        says(charts.variation, indicators.polarity, links.direction, targets.polarity, graded.grade) as says
    from series.proxy_quarters as series
    inner join measures.proxy_quarters as ages on series.row_id = ages.row_id
    inner join measures.link_quarters as graded on series.row_id = graded.row_id
    inner join framework.proxy_links as links on series.link_row_id = links.row_id
    inner join framework.indicators as indicators on series.indicator_row_id = indicators.row_id
    inner join staging.targets_in_force as targets
        on series.quarter = targets.quarter and series.target_id = targets.target_id
    left join measures.proxy_periods as charts
        on series.quarter || '|' || series.indicator_id || '|' || series.latest_period = charts.row_id
    left join framework.partners as partners on series.partner = partners.partner_id
)

select
    targets.quarter,
    targets.target_id,
    targets.parent_id,
    targets.title,
    case
        when known.row_id is null then 'none'
        when bool_or(not known.is_stale) over of_target then 'fresh'
        else 'only stale'
    end as cover,
    known.indicator_id,
    from_cell(known.link_row_id, 'indicator_id') as indicator_id__from,
    known.proxy_title,
    from_cell(known.indicator_row_id, 'title') as proxy_title__from,
    known.partner_title as partner,
    known.grade as link_grade,
    as_in_proxies(known.row_id, 'link_grade') as link_grade__from,
    known.reason as link_reason,
    as_in_proxies(known.row_id, 'link_reason') as link_reason__from,
    known.variation,
    as_in_proxies(known.row_id, 'variation') as variation__from,
    known.latest_label,
    as_in_proxies(known.row_id, 'latest_label') as latest_label__from,
    cast(known.age_months as integer) as age_months,
    as_in_proxies(known.row_id, 'age_months') as age_months__from,
    known.is_stale,
    as_in_proxies(known.row_id, 'is_stale') as is_stale__from,
    disagrees(known.says, known.headline) as is_disagreeing,
    as_in_proxies(known.row_id, 'is_disagreeing') as is_disagreeing__from,
    disagreement(known.says, known.headline, known.latest_label) as warning,
    as_in_proxies(known.row_id, 'warning') as warning__from,
    targets.quarter || '|' || targets.target_id || '|' || coalesce(known.indicator_id, '-') as row_id,
    [targets.row_id] as rows__from
from staging.targets_in_force as targets
left join known on targets.quarter = known.quarter and targets.target_id = known.target_id
where targets.quarter <> 'latest'
window of_target as (partition by targets.quarter, targets.target_id)
