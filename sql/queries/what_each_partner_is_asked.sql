-- What is each partner still asked, about which file, sheet and cell?
select
    findings.quarter,
    findings.partner_title,
    findings.file_name,
    findings.sheet,
    findings.cell,
    findings.as_typed,
    findings.because
from marts.findings as findings
where findings.is_open and findings.consequence <> 'note' and not findings.is_trial
order by findings.quarter desc, findings.partner_title, findings.file_name, findings.cell
