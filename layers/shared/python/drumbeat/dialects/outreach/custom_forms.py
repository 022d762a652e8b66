"""What may be written into the 150 fields for whatever the tenant likes (contract 1.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drumbeat.dialects.outreach.customs import CUSTOMS
from drumbeat.dialects.text import text_of_at_most

if TYPE_CHECKING:
    from drumbeat.dialects.outreach.bodies import Forms

CUSTOM_FORMS: Forms = dict.fromkeys((attribute.name for attribute in CUSTOMS), text_of_at_most(32_000))
