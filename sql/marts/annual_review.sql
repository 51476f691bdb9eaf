-- One row per element of the annual review per quarter, and one for the partnership overall: the judgements beside the suggestion.
-- quarter: The quarter.
-- subject_kind: element or overall.
-- subject: The element's reference, or overall.
-- title: The element's name.
-- subject_order: The order in which they are listed; overall comes last.
-- basis: How far the element's name can be relied on.
-- measures: How many measures belong to it.
-- measures_rated: How many of them the rules give a rating; overall, how many elements.
-- rating_suggested: By the framework's rule, from what the rules suggest for its measures; overall from those of the elements.
-- rating_own: The partnership's own rating in the quarter.
-- rating_moderated: The moderated rating in the quarter.
-- rating_official: The newest official rating, while it holds (setting review_months).
-- official_by: Who gave it.
-- official_on: The day it was given.
-- rating: The rating shown: the first that was given in the framework's order (setting rating_order).
-- rating_source: Which of them is shown.
-- rating_reason: Whose rating it is and why, and what led the rule to its own; or why there is none.
-- rating_differs: Where the ratings given are not the same: which is shown and the reason of each.
-- row_id: quarter|subject_kind|subject.
with measured as (
    select
        series.quarter,
        parents.element_id,
        series.row_id,
        measures.overall as rating,
        rules.ranks[measures.overall] as rank
    from series.target_quarters as series
    inner join measures.target_quarters as measures on series.row_id = measures.row_id
    inner join framework.targets as targets on series.target_row_id = targets.row_id
    inner join framework.parent_targets as parents on targets.parent_id = parents.parent_id
    cross join staging.rating_rules as rules
),

elements as (
    select
        calendar.quarter,
        calendar.cut_off_on,
        entity.element_id as subject,
        entity.title,
        cast(entity.element_order as integer) as subject_order,
        entity.basis,
        entity.row_id as entity_row_id,
        count(measured.row_id) as measures,
        list(measured.rank order by measured.rank) filter (measured.rank is not null) as ranks,
        list(figure('floor_targets', measured.row_id, 'rating_suggested') order by measured.row_id)
            filter (measured.rank is not null) as inputs
    from staging.quarters as calendar
    cross join framework.elements as entity
    left join measured on calendar.quarter = measured.quarter and entity.element_id = measured.element_id
    group by all
),

suggested as (
    select elements.* exclude (ranks), coalesce(len(elements.ranks), 0) as measures_rated, rank_by_rule(elements.ranks, rules.element_rule) as rank, 'element' as subject_kind
    from elements
    cross join staging.rating_rules as rules
),

overall as (
    select
        suggested.quarter,
        max(suggested.cut_off_on) as cut_off_on,
        'overall' as subject,
        'The partnership overall' as title,
        max(suggested.subject_order) + 1 as subject_order,
        cast(null as varchar) as basis,
        cast(null as varchar) as entity_row_id,
        sum(suggested.measures) as measures,
        list(figure('annual_review', concat_ws('|', suggested.quarter, 'element', suggested.subject), 'rating_suggested') order by suggested.subject)
            filter (suggested.rank is not null) as inputs,
        count(suggested.rank) as measures_rated,
        rank_by_rule(list(suggested.rank order by suggested.rank) filter (suggested.rank is not null), any_value(rules.element_rule)) as rank,
        'overall' as subject_kind
    from suggested
    cross join staging.rating_rules as rules
    group by suggested.quarter
),

judged as (
    select
        subjects.*,
        concat_ws('|', subjects.quarter, subjects.subject_kind, subjects.subject) as row_id,
        rules.codes[subjects.rank] as rating_suggested,
        case when subjects.rank is null then 'None of what belongs to it has a rating by rule.' else
            'The ' || rules.element_rule || ' of the ' || subjects.measures_rated
            || case when subjects.subject_kind = 'overall' then ' elements' else ' of ' || subjects.measures || ' measures' end
            || ' that have a rating by rule'
            || case when rules.element_rule = 'middle' and subjects.measures_rated % 2 = 0 then ' (of two in the middle, the worse).' else '.' end
        end as reason_suggested
    from (select * from suggested union all by name select * from overall) as subjects
    cross join staging.rating_rules as rules
),

-- an official rating stands until the next one, or until it is too old to hold
officials as (
    select judged.row_id as review_row_id, given.*
    from judged
    inner join staging.judgements as given
        on
            judged.subject_kind = given.subject_kind and judged.subject = given.subject
            and given.kind = 'official' and given.quarter <= judged.quarter
    cross join staging.rating_rules as rules
    where given.rated_on + to_months(rules.review_months) >= judged.cut_off_on
    qualify row_number() over (partition by judged.row_id order by given.quarter desc) = 1
)

select
    judged.quarter,
    judged.subject_kind,
    judged.subject,
    judged.title,
    judged.subject_order,
    judged.basis,
    cast(judged.measures as integer) as measures,
    cast(judged.measures_rated as integer) as measures_rated,
    -- where there are none, of what they would belong to
    reckoned('Counted: the ratings by rule of what belongs to it', coalesce(judged.inputs, [cell(judged.entity_row_id, 'element_id')])) as measures_rated__from,
    judged.rating_suggested,
    reckoned('By the framework''s rule, from the ratings suggested for what belongs to it', list_append(judged.inputs, setting('element_rule'))) as rating_suggested__from,
    own.rating as rating_own,
    from_cell(own.row_id, 'rating') as rating_own__from,
    moderated.rating as rating_moderated,
    from_cell(moderated.row_id, 'rating') as rating_moderated__from,
    official.rating as rating_official,
    from_cell(official.row_id, 'rating') as rating_official__from,
    official.rated_by as official_by,
    from_cell(official.row_id, 'rated_by') as official_by__from,
    official.rated_on as official_on,
    from_cell(official.row_id, 'rated_on') as official_on__from,
    shown.one.rating as rating,
    reckoned('The first given in the framework''s order, the best never where nothing is rated', [
        figure('annual_review', judged.row_id, 'rating_' || shown.one.source),
        setting('rating_order')
    ]) as rating__from,
    rating_source_word(shown.one.source) as rating_source,
    case
        when shown.one.source = 'official' then rating_by('Official rating', official.rated_by, official.rated_on, official.reason)
        when shown.one.source = 'moderated' then rating_by('Moderated', moderated.rated_by, moderated.rated_on, moderated.reason)
        when shown.one.source = 'own' then rating_by('The partnership''s own rating', own.rated_by, own.rated_on, own.reason)
        else ''
    end
    || case when shown.one.source is distinct from 'suggested' and shown.one is not null then ' By rule: ' else '' end
    || judged.reason_suggested as rating_reason,
    rating_differs(four.given, shown.one, rules.words, rules.best, four.is_old) as rating_differs,
    judged.row_id,
    [judged.entity_row_id] as rows__from
from judged
left join staging.judgements as own
    on
        judged.quarter = own.quarter and judged.subject_kind = own.subject_kind
        and judged.subject = own.subject and own.kind = 'own'
left join staging.judgements as moderated
    on
        judged.quarter = moderated.quarter and judged.subject_kind = moderated.subject_kind
        and judged.subject = moderated.subject and moderated.kind = 'moderated'
left join officials as official on judged.row_id = official.review_row_id
cross join staging.rating_rules as rules
left join lateral (
    select
        four_ratings(
            official.rating, official.reason, moderated.rating, moderated.reason,
            own.rating, own.reason, judged.rating_suggested, judged.reason_suggested
        ) as given,
        judged.measures_rated = 0 as is_old
) as four on true
left join lateral (select rating_shown(four.given, rules.sources, rules.best, four.is_old) as one) as shown on true
