"""The reply to a partner's file: what we ask about it, its figures to mend, and how they appear in the pack."""
