"""What only MyAgentMail's API is built of."""
