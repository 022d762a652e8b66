"""MyAgentMail's wire language (contract part 3)."""
