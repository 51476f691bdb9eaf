-- One row per file received, but for those that only came to be checked: what it is, when it came, what became of it.
-- file_name: The name under which it came.
-- sha256: The SHA-256 of the file; the archive holds it under this name.
-- folder: The folder of data/raw in which it came.
-- received_at: When it was first seen.
-- received_from: Who is known to have sent it; blank where only the file says.
-- size_bytes: Its size in bytes.
-- kind: framework or return.
-- became: What became of it: each return found in it with its state, or why it was refused or erased.
-- row_id: The file's identity.
with returns as (
    select
        submissions.file_id,
        bool_or(submissions.state = 'accepted') as is_used,
        string_agg(
            concat_ws(
                ' ', submissions.return, 'of ' || submissions.partner, 'for ' || submissions.quarter, submissions.state
            ),
            '; ' order by submissions.submission_id
        ) as states
    from staging.submissions as submissions
    group by submissions.file_id
)

select
    files.file_name,
    files.sha256,
    files.folder,
    files.received_at,
    files.received_from,
    files.size_bytes,
    case when files.folder = 'framework' then 'framework' else 'return' end as kind,
    case
        -- in public nobody is told by whom and why
        when files.state = 'erased' then coalesce(files.reason, 'erased')
        when files.state = 'refused' then coalesce('refused: ' || files.reason, 'refused')
        when files.folder = 'framework' then case when returns.is_used then 'in force' else 'superseded' end
        else coalesce(returns.states, files.state)
    end as became,
    files.file_id as row_id
from staging.files as files
left join returns on files.file_id = returns.file_id
where files.state <> 'checked'
