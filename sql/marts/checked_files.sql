-- One row per file that only came to be checked: it was answered, and nothing of it counts.
-- quarter: The quarter of the folder in which it came, where it is one.
-- file_name: The file.
-- sha256: The SHA-256 of the file.
-- received_from: Who is known to have sent it; blank where only the file says.
-- received_at: When it was first seen.
-- row_id: The file's identity.
select
    calendar.quarter,
    files.file_name,
    files.sha256,
    files.received_from,
    files.received_at,
    files.file_id as row_id
from staging.files as files
left join framework.calendar as calendar on split_part(files.folder, '/', 1) = calendar.quarter
where files.state = 'checked'
