-- From which cells of which files do the newest values of the targets come?
select
    targets.target_id,
    targets.latest_value,
    provenance.partner,
    provenance.file_name,
    provenance.sheet,
    provenance.cell,
    provenance.as_typed,
    provenance.received_at
from marts.floor_targets as targets
inner join marts.about as about on targets.quarter = about.newest_quarter
inner join marts.provenance as provenance
    on provenance.figure_id = 'floor_targets:' || targets.row_id || ':latest_value'
order by targets.target_id
