"""What an operator says when invoking a function."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from drumbeat.dialects.text import Name, Whole
from drumbeat.dialects.validation import validated
from drumbeat.domain.errors import NotFound
from drumbeat.domain.ids import tenant_number
from drumbeat.domain.subscription import Subscription


class _Plan(BaseModel):
    """A plan for a tenant."""

    model_config = ConfigDict(extra="forbid")

    tenant_id: str
    slug: Name
    name: Name
    tier: Name
    monthly_limit: Annotated[Whole, Field(ge=0, le=1_000_000_000)] | None = None


def plan_asked_for(event: Mapping[str, Any]) -> tuple[int, Subscription]:
    """Whose plan shall be which. Raises NotFound for an id that is none, ValidationFailed for all else."""
    wanted = validated(_Plan, dict(event))
    tenant = tenant_number(wanted.tenant_id)
    if tenant is None:
        raise NotFound("tenant")
    return tenant, Subscription(wanted.slug, wanted.name, wanted.tier, wanted.monthly_limit)
