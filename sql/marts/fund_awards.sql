-- One row per fund and financial year whose award is known to us, whenever it became known. Money in GBP.
-- fund: The fund's reference.
-- financial_year: The year from April to March, for example 2004-05.
-- award: What the fund awarded to the area for the year (GBP).
-- known_on: The day from which it was known.
-- basis: How far the figure can be relied on: published, as later published, or illustrative.
-- source: Where the figure comes from.
-- row_id: fund|financial_year.
select
    entity.fund_id as fund,
    from_cell(entity.row_id, 'fund_id') as fund__from,
    entity.financial_year,
    entity.award,
    entity.known_on,
    entity.basis,
    entity.source,
    entity.fund_id || '|' || entity.financial_year as row_id,
    [entity.row_id] as rows__from
from framework.fund_years as entity
