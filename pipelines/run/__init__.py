"""A quarterly run: its stages, their order, and what is kept of it."""
