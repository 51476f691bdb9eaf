-- One row per cell of a unit that a counted value was made of.
-- row_id: The counted value (units:horizon|target_id|period).
-- source_row_id: The row of the unit.
select
    counted.row_id,
    links.column_name,
    links.file_id,
    links.sheet,
    links.cell,
    links.as_typed,
    links.correction,
    links.row_id as source_row_id
from (select row_id, unnest(unit_row_ids) as unit_row_id from staging.counted_units) as counted
inner join staging.row_cells as links
    on counted.unit_row_id = links.row_id and links.column_name in ('value', 'period', 'published_on')
