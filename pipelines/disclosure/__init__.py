"""What of the marts may be published: cleared things alone, small counts hidden (docs/disclosure.md)."""
