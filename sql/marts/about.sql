-- One row: what these marts were made from.
-- run_id: The hash of all inputs: receipts, contracts, code and as-at date.
-- as_at: Only what had been received by the end of this day is in them.
-- code_version: The hash of the pipeline's code, SQL and contracts.
-- newest_quarter: The newest quarter for which anything was received.
-- files_received: Files received by then.
-- row_id: run_id.
select
    about.run_id,
    about.as_at,
    about.code_version,
    (select max(quarters.quarter) from staging.quarters as quarters) as newest_quarter,
    (select count(*) from staging.files) as files_received,
    about.run_id as row_id
from staging.about as about
