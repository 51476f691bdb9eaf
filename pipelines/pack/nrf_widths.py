"""What the tables of the NRF sheet share: their first columns' widths, and the last column."""

from pipelines.pack.model import Column

FIRST, SECOND = 32, 36  # what a row is about, and what is said of it
BASIS = Column("basis", "Basis", width=13)
