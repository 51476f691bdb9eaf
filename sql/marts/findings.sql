-- One row per finding: a broken rule at a place in a partner's file, and what follows from it.
-- quarter: The quarter of the return, or of the folder where the return could not be placed.
-- partner: The partner's reference, where known.
-- partner_title: The partner's name, where known.
-- return: The return's name, where one was recognised.
-- file_name: The file.
-- sha256: The SHA-256 of the file.
-- received_at: When the file was first seen.
-- sheet: The sheet.
-- cell: The cell to look at.
-- as_typed: What stands in that cell, as text.
-- column_name: The column of the contract.
-- rule: The rule that is broken.
-- because: What we found, what we expected, how to mend it.
-- said: What its sender says in the same row, where the finding is not about these words; blank where it says nothing.
-- consequence: refuse (it did not enter), query (it entered, flagged) or note.
-- source_row_id: The row in staging that it is about.
-- is_open: Whether it still matters: it is not settled, and no later file that stands has taken the place of this return.
-- finding_id: Which finding this is: the same again when the same fault comes in a later file.
-- row_key: The key of the row, its values divided by |.
-- is_trial: Whether the rule is on trial: counted, and nobody is asked to mend anything.
-- settled: How it was settled, in a sentence; blank while it is open.
-- settled_by: waiver, correction, answer, later submission or withdrawal; blank while it is open.
-- settled_at: When what settled it was received; blank while it is open, or where that was there before.
-- row_id: file|sheet|cell|column|rule|row|hash of the sentence.
with senders as (
    -- a finding about a whole file is about the partner that all its returns are from
    select
        submissions.file_id,
        min(submissions.partner) as partner,
        min(submissions.quarter) as quarter
    from staging.submissions as submissions
    group by submissions.file_id
    having count(distinct submissions.partner) = 1 and count(distinct submissions.quarter) = 1
),

words as (
    select sent.row_id, sent.commentary as said from staging.received_floor_targets as sent
    union all
    select sent.row_id, sent.commentary from staging.received_proxy_indicators as sent
    union all
    select sent.row_id, sent.commentary from staging.received_nrf_spend as sent
    union all
    select sent.row_id, sent.programme_note from staging.received_nrf_programme as sent
    union all
    select sent.row_id, sent.note from staging.received_improvement_plan as sent
)

select
    coalesce(again.quarter, submissions.quarter, senders.quarter, calendar.quarter) as quarter,
    coalesce(submissions.partner, senders.partner, files.received_from) as partner,
    partners.name as partner_title,
    submissions.return,
    files.file_name,
    files.sha256,
    files.received_at,
    findings.sheet,
    findings.cell,
    findings.as_typed,
    findings.column_name,
    findings.rule,
    findings.because,
    words.said,
    findings.consequence,
    findings.row_id as source_row_id,
    findings.settled is null
    and submissions.state is distinct from 'superseded'
    and submissions.state is distinct from 'withdrawn'
    and not (
        coalesce(submissions.state, '') = 'refused'
        and exists (
            select 1
            from staging.submissions as later
            where
                later.partner = submissions.partner and later.quarter = submissions.quarter
                and later.return = submissions.return and later.received_at > submissions.received_at
                and later.state in ('accepted', 'nil')
        )
    ) as is_open,
    findings.finding_id,
    findings.row_key,
    coalesce(findings.is_trial, false) as is_trial,
    findings.settled,
    findings.settled_by,
    findings.settled_at,
    concat_ws(
        '|', findings.file_id, coalesce(findings.sheet, ''), coalesce(findings.cell, ''),
        coalesce(findings.column_name, ''), findings.rule,
        coalesce(findings.row_id, findings.submission_id, ''), left(md5(findings.because), 8)
    ) as row_id
from staging.findings as findings
left join staging.files as files on findings.file_id = files.file_id
left join staging.submissions as submissions on findings.submission_id = submissions.submission_id
left join framework.calendar as calendar on files.folder = calendar.quarter
left join framework.calendar as again on findings.folder = again.quarter
left join words
    on findings.row_id = words.row_id and findings.column_name not in ('commentary', 'note', 'programme_note')
left join senders on findings.file_id = senders.file_id
left join framework.partners as partners
    on coalesce(submissions.partner, senders.partner, files.received_from) = partners.partner_id
qualify row_number() over (
    partition by
        findings.file_id, findings.sheet, findings.cell, findings.column_name, findings.rule,
        findings.row_id, findings.submission_id, findings.because
) = 1
