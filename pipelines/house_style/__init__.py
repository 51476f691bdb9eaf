"""What every workbook of ours has in common: its look, its sheets' names, and bytes that never change."""
