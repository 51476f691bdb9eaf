"""First sight of a file: its hash, a copy in the archive, a line in the ledger.

The ledger (data/raw/receipts.csv) is only ever added to. Everything later reads the ledger and the
archive, never data/raw: a file that is renamed, overwritten or deleted there loses nothing, the ledger included.
"""

from pipelines.receipt.archive import archived
from pipelines.receipt.arrival import receive, take_receipts
from pipelines.receipt.chain import CHAIN, first_broken, with_sums
from pipelines.receipt.erasure import Held, Tombstone, bury, copies, tombstones, without_erased
from pipelines.receipt.ledger import FIELDS, LedgerError, NotTaken, as_csv, parts_of, read_ledger, writing
from pipelines.receipt.proof import Proof, prove
from pipelines.receipt.sight import Receipt, as_one, folder_of, in_force, is_for_check, is_skipped

__all__ = [
    "CHAIN",
    "FIELDS",
    "Held",
    "LedgerError",
    "NotTaken",
    "Proof",
    "Receipt",
    "Tombstone",
    "archived",
    "as_csv",
    "as_one",
    "bury",
    "copies",
    "first_broken",
    "folder_of",
    "in_force",
    "is_for_check",
    "is_skipped",
    "parts_of",
    "prove",
    "read_ledger",
    "receive",
    "take_receipts",
    "tombstones",
    "with_sums",
    "without_erased",
    "writing",
]
