-- One row per band of spend against profile.
-- band: 1 is closest to profile.
-- rating: The rating that the band earns.
-- up_to_pct: The largest variance from profile, either way, in per cent.
-- basis: Where it comes from.
-- row_id: band.
select
    cast(entity.band as integer) as band,
    entity.rating,
    entity.up_to_pct,
    entity.basis,
    cast(cast(entity.band as integer) as varchar) as row_id,
    [entity.row_id] as rows__from
from framework.spend_bands as entity
