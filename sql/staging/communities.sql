-- One row per area that lies within the area that the partnership serves, at any depth: committees, wards and the like.
-- depth: 1 for an area right below it, 2 for an area within one of these, and so on.
with recursive within as (
    select home.value as area_id, 0 as depth
    from framework.settings as home
    where home.setting_id = 'home_area'
    union
    select areas.area_id, within.depth + 1 as depth
    from framework.areas as areas
    inner join within on areas.parent_id = within.area_id
    where areas.kind <> 'unit' and within.depth < 9
)

select within.area_id, min(within.depth) as depth
from within
where within.depth > 0
group by within.area_id
