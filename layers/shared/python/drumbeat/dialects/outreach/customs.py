"""The 150 fields that prospects and accounts have for whatever the tenant likes (contract 1.7)."""

from drumbeat.dialects.outreach.collection import Attribute

CUSTOMS = tuple(Attribute(f"custom{place}", f"custom{place}") for place in range(1, 151))
