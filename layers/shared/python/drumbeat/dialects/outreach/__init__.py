"""Outreach's REST API v2 (contract 1): JSON:API with numbers as ids."""
