"""Every return judged beside the others: what stands, what counts, and what its sender is asked."""
