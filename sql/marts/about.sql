-- One row: what these marts were made from.
-- run_id: The hash of all inputs: receipts, contracts, code and as-at date.
-- as_at: The day of the last receipt that counts: what had been received by its end is in them.
-- code_version: The hash of the pipeline's code, SQL and contracts.
-- contracts_version: The hash of the contracts alone.
-- framework_version: The hash of the framework's files, in the order in which they came.
-- newest_quarter: The newest quarter for which anything was received.
-- files_received: Files received by then.
-- row_id: run_id.
select
    about.run_id,
    about.as_at,
    about.code_version,
    about.contracts_version,
    (
        select left(sha256(string_agg(files.sha256, ' ' order by files.received_at, files.sha256)), 16)
        from staging.files as files where files.folder = 'framework'
    ) as framework_version,
    (select max(quarters.quarter) from staging.quarters as quarters) as newest_quarter,
    (select count(*) from staging.files) as files_received,
    about.run_id as row_id
from staging.about as about
