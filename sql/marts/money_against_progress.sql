-- One row per floor target, quarter and question that its money, its rating and its actions raise together. Money in GBP.
-- quarter: The quarter, for example 2004-05-Q1.
-- parent_id: The floor target as worded.
-- title: A short name.
-- question: red without money, red without a live action, red and underspent, money on green, or money on no rating.
-- question_order: 1 is to be asked first.
-- rating: The worst of the ratings shown of its measures; blank if none is rated.
-- rating_mark: u where it rests on position or outlook alone.
-- allocation: Revised allocations of its projects received, each times its share (GBP).
-- actual_to_date: Their spend to date, each times its share (GBP).
-- sentence: The question in words, with the figures that raise it.
-- basis: illustrative if any project that serves it is.
-- row_id: quarter|parent_id|question.
with scale as (
    select
        *,
        rank = min(rank) over () as is_best,
        rank = max(rank) over () as is_worst
    from marts.rating_scale
),

-- as close to profile as the first of the spend bands
close_to_profile as (select min(up_to_pct) as limit_pct from marts.spend_bands),

judged as (
    select
        money.*,
        coalesce(scale.is_best, false) as is_best,
        coalesce(scale.is_worst, false) as is_worst,
        -- nothing is said to have no money while a project that may bring it has not come in
        money.projects_received = money.projects_expected and money.projects_not_additive = 0
        and coalesce(money.allocation, 0) = 0 as is_without_money,
        money.variance_pct < -close_to_profile.limit_pct as is_underspent,
        money.parent_id || ' (' || money.title || ')' as target,
        money.parent_id || ' (' || money.title || ') is ' || scale.word || coalesce(' [' || money.rating_mark || ']', '') || case
            when money.measures_rated < money.measures
                then ' as far as it is rated (' || money.measures_rated || ' of '
                    || so_many(money.measures, 'measure', 'measures') || ')'
            else ''
        end as stands,
        in_pounds(money.allocation) || ' of this year''s allocations, '
        || format('{:.1f}', money.allocation_pct) || '% of them all' as share_of_money,
        case when money.projects_received < money.projects_expected
            then ' Figures are of ' || money.projects_received || ' of '
                || so_many(money.projects_expected, 'project', 'projects') || '.'
            else ''
        end as coverage
    from marts.target_money as money
    left join scale on money.rating = scale.rating
    cross join close_to_profile
),

asked as (
    select
        *,
        unnest([
            {'question': 'red without money', 'place': 1, 'applies': is_worst and is_without_money, 'sentence':
                stands || case
                    when projects_expected = 0 then ', and no project serves it.'
                    else ', and the ' || so_many(projects_expected, 'project that serves it has', 'projects that serve it have')
                        || ' no allocation this year.'
                end},
            {'question': 'red without a live action', 'place': 2, 'applies': is_worst and actions_live = 0, 'sentence':
                stands || case
                    when actions_ended = 0 then ', and the plan has no action for it.'
                    else ', and the plan has no live action for it: '
                        || so_many(actions_ended, 'is', 'are') || ' complete or superseded.'
                end},
            {'question': 'red and underspent', 'place': 3, 'applies': is_worst and is_underspent, 'sentence':
                stands || ', and ' || in_pounds(actual_to_date) || ' was spent on it of the '
                || in_pounds(profile_to_date) || ' planned by now (' || format('{:.1f}', abs(variance_pct)) || '% less).'
                || coverage},
            {'question': 'money on green', 'place': 4, 'applies': is_best and allocation > 0, 'sentence':
                stands || ', and has ' || share_of_money || '.' || coverage},
            {'question': 'money on no rating', 'place': 5, 'applies': rating is null and allocation > 0, 'sentence':
                target || ' has ' || share_of_money || case
                    when measures = 0 then ', and no measure of it is in force.'
                    when measures = 1 then ', and its measure has no rating.'
                    else ', and none of its ' || measures || ' measures has a rating.'
                end || coverage}
        ]) as answer
    from judged
)

select
    quarter,
    parent_id,
    shown_in('target_money', row_id, 'parent_id') as parent_id__from,
    title,
    shown_in('target_money', row_id, 'title') as title__from,
    answer.question,
    over_columns('Rating, money and actions put together', 'target_money', row_id, raised_by) as question__from,
    answer.place as question_order,
    over_columns('The order in which the questions are asked', 'target_money', row_id, ['parent_id']) as question_order__from,
    rating,
    shown_in('target_money', row_id, 'rating') as rating__from,
    rating_mark,
    shown_in('target_money', row_id, 'rating_mark') as rating_mark__from,
    allocation,
    shown_in('target_money', row_id, 'allocation') as allocation__from,
    actual_to_date,
    shown_in('target_money', row_id, 'actual_to_date') as actual_to_date__from,
    answer.sentence,
    over_columns('Rating, money and actions in words', 'target_money', row_id, raised_by) as sentence__from,
    basis,
    shown_in('target_money', row_id, 'basis') as basis__from,
    row_id || '|' || answer.question as row_id
from asked
cross join (
    select [
        'rating', 'rating_mark', 'measures', 'measures_rated', 'allocation', 'profile_to_date', 'actual_to_date',
        'projects_expected', 'projects_not_additive', 'actions_live', 'actions_ended'
    ] as raised_by
) as columns
where answer.applies
