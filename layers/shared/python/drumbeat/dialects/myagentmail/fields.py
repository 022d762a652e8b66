"""Bodies in MyAgentMail's case: camelCase on the wire, our own names inside."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Fields(BaseModel):
    """An object of a body. Only `model_fields_set` tells a field that is null from one that is not there."""

    model_config = ConfigDict(alias_generator=to_camel)
