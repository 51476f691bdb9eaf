"""What the partnership itself says: settings, calendar, clock, references and taught layouts."""
