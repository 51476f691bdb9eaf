-- One row: how the framework wants ratings shown and suggested.
-- best: The best rating of the scale, which a stale or missing value never gets.
-- sources: Whose rating is shown: the first of these that gave one (setting rating_order).
-- element_rule: How an element's rating is suggested from those of its measures: the worst, or the middle one (setting element_rule).
-- review_months: How many months an official rating of an element holds (setting review_months).
-- words: Rating code to its word.
-- ranks: Rating code to its rank, 1 for the best.
-- codes: Rank to rating code.
with settings as (
    select
        max(value) filter (setting_id = 'rating_order') as rating_order,
        max(value) filter (setting_id = 'element_rule') as element_rule,
        max(try_cast(value as integer)) filter (setting_id = 'review_months') as review_months
    from framework.settings
)

select
    (select max_by(scale.rating, -scale.rank) from framework.rating_scale as scale) as best,
    string_split(replace(coalesce(settings.rating_order, 'official, moderated, suggested'), ' ', ''), ',') as sources,
    coalesce(settings.element_rule, 'worst') as element_rule,
    coalesce(settings.review_months, 12) as review_months,
    (select map_from_entries(list((scale.rating, scale.word))) from framework.rating_scale as scale) as words,
    (select map_from_entries(list((scale.rating, cast(scale.rank as integer)))) from framework.rating_scale as scale) as ranks,
    (select list(scale.rating order by scale.rank) from framework.rating_scale as scale) as codes
from settings
