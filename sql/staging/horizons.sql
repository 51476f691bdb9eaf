-- One row per view of the data: each quarter at its cut-off, and 'latest' for everything that has come in.
-- quarter: The quarter whose cut-off is the horizon, or latest.
-- cut_off_on: Only values published by this day are within the horizon.
select quarters.quarter, quarters.cut_off_on
from staging.quarters as quarters
union all
select 'latest' as quarter, date '9999-12-31' as cut_off_on
