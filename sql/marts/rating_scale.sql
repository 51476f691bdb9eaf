-- One row per rating of the framework's scale.
-- rating: The rating's code.
-- word: The rating in words.
-- rank: 1 is best.
-- lowest_on_course: The smallest on-course ratio that earns it.
-- lowest_chance: The smallest chance of reaching the target that earns it as an outlook, from 0 to 1.
-- chance_word: Such a chance in a word.
-- glyph: The shape shown beside the letter.
-- fill: Fill colour, six hexadecimal digits.
-- font: Font colour, six hexadecimal digits.
-- meaning: What the rating says in words.
-- row_id: rating.
select
    entity.rating,
    entity.word,
    cast(entity.rank as integer) as rank,
    entity.lowest_on_course,
    entity.lowest_chance,
    entity.chance_word,
    entity.glyph,
    entity.fill,
    entity.font,
    entity.meaning,
    entity.rating as row_id,
    [entity.row_id] as rows__from
from framework.rating_scale as entity
