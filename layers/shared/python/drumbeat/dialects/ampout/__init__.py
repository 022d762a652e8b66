"""AmpOut's wire language (contract part 2)."""
