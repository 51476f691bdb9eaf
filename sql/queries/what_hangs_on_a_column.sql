-- Which columns of the marts would change if the values of a return were given in another way?
with recursive below as (
    select links.table_name, links.column_name
    from marts.lineage as links
    where links.from_table = 'staging.floor_targets' and links.from_column = 'value'
    union
    select links.table_name, links.column_name
    from below
    inner join marts.lineage as links
        on below.table_name = links.from_table and links.from_column in (below.column_name, '*')
)

select
    below.table_name,
    string_agg(below.column_name, ', ' order by below.column_name) as columns
from below
where below.table_name like 'marts.%'
group by below.table_name
order by below.table_name
