"""Partner spreadsheets in, the quarterly partnership performance pack out.

The flow, in order; each folder knows only those before it, and `run/quarterly_run.py` has the stages in order:

    receipt     a file is seen for the first time: hash, archive, a line in the ledger
    workbook    it is opened safely, in a process of its own, as grids of cells
    recognise   each table in it is matched to exactly one contract (expectations/*.yml)
    tidy        the table becomes rows, and every value keeps the cell it came from
    submission  the file's returns, from whom and for when, with a place for every cell
    validate    the contract's rules are run by Great Expectations; each broken one is a finding
    judge       a later file, a waiver, a correction or the partner's answer ends a finding; the latest return counts
    marts       staging tables in DuckDB, sql/series, the measures, sql/marts: what we want to know, with provenance
    pack        the marts as a workbook that a Board can read
    reply       what goes back to each partner: queries to answer, or a receipt
    issue       a pack made final, and its public edition

A contract says what a return is; everything between a partner's file and a mart is generic; a mart
says what we want to know; a sheet says how it reads.
"""
