-- One row per project and floor target that it serves.
-- project_id: The project's reference.
-- parent_id: The floor target as worded.
-- weight_pct: How much of the project serves it, in per cent, as the framework says; a project's shares add up to 100.
-- counting: by share, or not additive: it serves the target, and nobody can say with how much of it.
-- share: The share that counts towards the target, 0 to 1; blank where the project is in no target's total.
-- row_id: project_id|parent_id.
select
    series.project_id,
    series.parent_id,
    entity.weight_pct,
    case when measures.share is null then 'not additive' else 'by share' end as counting,
    case
        when measures.share is null and entity.counting is null
            then reckoned('Not additive, as the shares come to more than the whole or are missing', [
                cell(entity.row_id, 'weight_pct'), cell(entity.row_id, 'parent_id')
            ])
        else reckoned('As the framework says, else by share', [
            cell(entity.row_id, 'counting'), cell(entity.row_id, 'weight_pct')
        ])
    end as counting__from,
    measures.share,
    reckoned('Weight over the larger of 100 and the project''s weights together', list_transform(
        together.link_rows, lambda link_row: cell(link_row, 'weight_pct')
    )) as share__from,
    series.row_id,
    [entity.row_id] as rows__from
from series.project_links as series
inner join measures.project_links as measures on series.row_id = measures.row_id
inner join framework.project_targets as entity on series.link_row_id = entity.row_id
inner join (
    select project_id, list(link_row_id order by link_row_id) as link_rows
    from series.project_links
    group by project_id
) as together on series.project_id = together.project_id
