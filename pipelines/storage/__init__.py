"""How things lie on the disk: written for good, by one run at a time, put in place, or kept for the next run."""
