"""The 150 fields that prospects and accounts have for whatever the tenant likes (contract 1.7)."""

from drumbeat.dialects.outreach.collection import Attribute
from drumbeat.dialects.text import text_of_at_most

CUSTOMS = tuple(Attribute(f"custom{place}", f"custom{place}", form=text_of_at_most(32_000)) for place in range(1, 151))
