-- Shared staging tables: what came in, what was found in it, and what became of every cell.

create table staging.files (
    file_id varchar primary key,
    sha256 varchar,
    file_name varchar,
    received_at timestamp,
    received_from varchar,
    folder varchar,
    size_bytes bigint,
    state varchar,
    reason varchar,
    template_version varchar,
    template_written_on date
);
comment on table staging.files is 'One row per file received.';
comment on column staging.files.file_id is 'The first 16 hexadecimal digits of the SHA-256 of the file.';
comment on column staging.files.sha256 is 'The SHA-256 of the file; the archive holds it under this name.';
comment on column staging.files.file_name is 'The name under which it came. It means nothing to the pipeline.';
comment on column staging.files.received_at is 'When it was first seen (the ledger of receipts).';
comment on column staging.files.received_from is 'Who is known to have sent it, from the ledger; blank where only the file says.';
comment on column staging.files.folder is 'The folder of data/raw in which it came: framework, a quarter, inbox, or one of these with /check for files that only came to be checked.';
comment on column staging.files.size_bytes is 'Its size in bytes.';
comment on column staging.files.state is 'read, refused where it could not be read or no return was recognised in it, checked where it only came to be checked, or erased.';
comment on column staging.files.reason is 'The sentence that says why it was refused or erased.';
comment on column staging.files.template_version is 'The version of the code that wrote the template or reply of ours that was filled in; blank for a workbook of the partner''s own.';
comment on column staging.files.template_written_on is 'The day on which that template or reply was written; blank for a workbook of the partner''s own.';

create table staging.sheets (
    file_id varchar,
    sheet varchar,
    visibility varchar,
    cells_counted bigint,
    loaded bigint,
    refused bigint,
    outside bigint,
    primary key (file_id, sheet)
);
comment on table staging.sheets is 'One row per sheet of a file that could be read. cells_counted = loaded + refused + outside, checked in every run.';
comment on column staging.sheets.file_id is 'The file.';
comment on column staging.sheets.sheet is 'The name of the sheet.';
comment on column staging.sheets.visibility is 'visible, hidden or very hidden.';
comment on column staging.sheets.cells_counted is 'Non-empty cells, counted independently of the reader of their values.';
comment on column staging.sheets.loaded is 'Cells whose value entered staging.';
comment on column staging.sheets.refused is 'Cells refused with a reason.';
comment on column staging.sheets.outside is 'Cells declared outside a table: title, label, header, total, footnote, hidden and so on.';

create table staging.submissions (
    submission_id varchar primary key,
    file_id varchar,
    sha256 varchar,
    file_name varchar,
    return varchar,
    partner varchar,
    quarter varchar,
    received_at timestamp,
    state varchar,
    rows_read bigint,
    rows_accepted bigint,
    rows_refused bigint,
    rows_queried bigint,
    is_nil boolean,
    ended_at timestamp,
    ended varchar
);
comment on table staging.submissions is 'One row per return found in a file. rows_read = rows_accepted + rows_refused, checked in every run.';
comment on column staging.submissions.submission_id is 'file_id.partner.return.quarter.';
comment on column staging.submissions.file_id is 'The file it was found in.';
comment on column staging.submissions.sha256 is 'The SHA-256 of the file.';
comment on column staging.submissions.file_name is 'The name under which the file came.';
comment on column staging.submissions.return is 'The name of the return, or framework.<entity> for a sheet of the framework.';
comment on column staging.submissions.partner is 'The partner it is from; blank where that could not be settled.';
comment on column staging.submissions.quarter is 'The quarter it is for; blank where that could not be settled.';
comment on column staging.submissions.received_at is 'When its file was first seen.';
comment on column staging.submissions.state is 'accepted (it counts), superseded (a later one counts), nil (nothing to report), refused, withdrawn, or erased with its file.';
comment on column staging.submissions.rows_read is 'Rows found.';
comment on column staging.submissions.rows_accepted is 'Rows that entered.';
comment on column staging.submissions.rows_refused is 'Rows that did not enter.';
comment on column staging.submissions.rows_queried is 'Rows that entered and that the partner is asked about.';
comment on column staging.submissions.is_nil is 'Whether it says that there is nothing to report.';
comment on column staging.submissions.ended_at is 'When it was withdrawn, or its file erased; blank where neither happened.';
comment on column staging.submissions.ended is 'Who withdrew or erased it, and why; blank where nobody did.';

create table staging.cells (
    file_id varchar,
    submission_id varchar,
    row_id varchar,
    column_name varchar,
    sheet varchar,
    cell varchar,
    as_typed varchar,
    disposition varchar,
    reason varchar,
    primary key (file_id, sheet, cell)
);
comment on table staging.cells is 'One row per non-empty cell of every sheet that could be read.';
comment on column staging.cells.file_id is 'The file.';
comment on column staging.cells.submission_id is 'The return the cell belongs to, if it lies in a table.';
comment on column staging.cells.row_id is 'The row that it was read into; the first of them where a merged cell fills several.';
comment on column staging.cells.column_name is 'The column of the contract that it was read into.';
comment on column staging.cells.sheet is 'The sheet.';
comment on column staging.cells.cell is 'The cell, for example C12.';
comment on column staging.cells.as_typed is 'What stands in the cell, as text.';
comment on column staging.cells.disposition is 'loaded, refused or outside.';
comment on column staging.cells.reason is 'For refused the rules that it broke; for outside what it is (title, header, total and so on).';

create table staging.row_cells (
    row_id varchar,
    column_name varchar,
    file_id varchar,
    sheet varchar,
    cell varchar,
    as_typed varchar,
    correction varchar,
    read_as varchar
);
comment on table staging.row_cells is 'One row per value of a row: the cell it was read from. A merged cell has one line for each row that it fills.';
comment on column staging.row_cells.row_id is 'The row in staging.<return>.';
comment on column staging.row_cells.column_name is 'The column, as in staging.<return>, companions included.';
comment on column staging.row_cells.file_id is 'The file.';
comment on column staging.row_cells.sheet is 'The sheet.';
comment on column staging.row_cells.cell is 'The cell.';
comment on column staging.row_cells.as_typed is 'What stands in the cell, as text.';
comment on column staging.row_cells.correction is 'The correction by which the value differs from what stands there; blank where there is none.';
comment on column staging.row_cells.read_as is 'For a reference the key in the framework that it was read as, also of a row that was refused; blank for other values.';

create table staging.findings (
    file_id varchar,
    submission_id varchar,
    row_id varchar,
    column_name varchar,
    sheet varchar,
    cell varchar,
    as_typed varchar,
    rule varchar,
    because varchar,
    consequence varchar,
    folder varchar,
    is_trial boolean,
    row_key varchar,
    finding_id varchar,
    settled varchar,
    settled_by varchar,
    settled_at timestamp
);
comment on table staging.findings is 'One row per broken rule and cell.';
comment on column staging.findings.file_id is 'The file.';
comment on column staging.findings.submission_id is 'The return, if the finding is about one.';
comment on column staging.findings.row_id is 'The row, if the finding is about one.';
comment on column staging.findings.column_name is 'The column, if the finding is about one.';
comment on column staging.findings.sheet is 'The sheet.';
comment on column staging.findings.cell is 'The cell to look at.';
comment on column staging.findings.as_typed is 'What stands in that cell, as text.';
comment on column staging.findings.rule is 'The rule that is broken.';
comment on column staging.findings.because is 'The sentence for the partner: what we found, what we expected, how to mend it.';
comment on column staging.findings.consequence is 'refuse (it did not enter), query (it entered, flagged) or note.';
comment on column staging.findings.folder is 'The folder of data/raw that it is about, where not the one in which the file first came.';
comment on column staging.findings.is_trial is 'Whether the rule is on trial: counted, and nobody is asked to mend anything.';
comment on column staging.findings.row_key is 'The key of the row, its values divided by |.';
comment on column staging.findings.finding_id is 'Which finding this is: the same again when the same fault comes in a later file.';
comment on column staging.findings.settled is 'How it was settled, in a sentence; blank while it is open.';
comment on column staging.findings.settled_by is 'waiver, correction, answer, later submission or withdrawal; blank while it is open.';
comment on column staging.findings.settled_at is 'When what settled it was received; blank while it is open, or where that was there before.';

create table staging.answers (
    finding_id varchar,
    answer varchar,
    answered_on timestamp,
    file_id varchar,
    sheet varchar,
    cell varchar,
    as_typed varchar
);
comment on table staging.answers is 'One row per query and answer that a partner wrote into a reply and sent back.';
comment on column staging.answers.finding_id is 'The finding that it answers.';
comment on column staging.answers.answer is 'What the partner wrote.';
comment on column staging.answers.answered_on is 'When the reply that holds it was received.';
comment on column staging.answers.file_id is 'That reply, as a file received.';
comment on column staging.answers.sheet is 'Its sheet.';
comment on column staging.answers.cell is 'The cell of the answer.';
comment on column staging.answers.as_typed is 'The value that was asked about, as the reply showed it.';

create table staging.key_days (
    quarter varchar,
    kind varchar,
    day date,
    basis varchar
);
comment on table staging.key_days is 'One row per day of a quarter''s cycle, for every quarter of the calendar.';
comment on column staging.key_days.quarter is 'The quarter.';
comment on column staging.key_days.kind is 'opens (templates go out), reminder, due, closes (the last day for late returns), cut-off, publish or board.';
comment on column staging.key_days.day is 'The day.';
comment on column staging.key_days.basis is 'How it was settled: as the calendar says, or worked out in working days.';

create table staging.signed (
    event varchar,
    quarter varchar,
    version integer,
    signed_at timestamp,
    signed_by varchar,
    role varchar,
    status varchar,
    reason varchar,
    received_until timestamp
);
comment on table staging.signed is 'One row per version of a pack that was issued, per closing of a quarter, and per quarter that was reported without a return.';
comment on column staging.signed.event is 'issued, closed or reported.';
comment on column staging.signed.quarter is 'The quarter of the pack.';
comment on column staging.signed.version is 'Its version: 1, and more where it was corrected; 0 where none was issued.';
comment on column staging.signed.signed_at is 'When it was issued, closed or reported.';
comment on column staging.signed.signed_by is 'Who did it.';
comment on column staging.signed.role is 'In which post.';
comment on column staging.signed.status is 'Of a closing: provisional or final.';
comment on column staging.signed.reason is 'Why there is another version; blank for the first.';
comment on column staging.signed.received_until is 'When the last file came that the pack was made with.';

create table staging.about (
    run_id varchar,
    as_at date,
    code_version varchar,
    contracts_version varchar
);
comment on table staging.about is 'One row: what this database was made from.';
comment on column staging.about.run_id is 'The hash of all inputs: receipts, contracts, code and as-at date.';
comment on column staging.about.as_at is 'The day of the last receipt that counts, or of the last pack issued: what had been received by its end is in it.';
comment on column staging.about.code_version is 'The hash of the pipeline''s code, SQL and contracts.';
comment on column staging.about.contracts_version is 'The hash of the contracts alone.';
