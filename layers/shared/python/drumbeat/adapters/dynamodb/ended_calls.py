"""What calls came to, for those who want to hear of it: two items a call, 100 items a request."""

from collections.abc import Collection
from dataclasses import dataclass

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.call_results import call_result_of
from drumbeat.adapters.dynamodb.callees import callee_of
from drumbeat.adapters.dynamodb.table import Table
from drumbeat.application.deliver_notices import EndedCall
from drumbeat.domain.notice import Notice


@dataclass(frozen=True, slots=True)
class EndedCallStore:
    """Finds calls that are over."""

    table: Table

    def of(self, notices: Collection[Notice]) -> dict[Notice, EndedCall]:
        """The call of each notice that is about one which is still kept."""
        places = {notice: _places(notice) for notice in notices}
        found = self.table.get_many([key for place in places.values() for key in place])
        return {
            notice: EndedCall(callee_of(found[callee]), call_result_of(found[result]))
            for notice, (callee, result) in places.items()
            if callee in found and result in found
        }


def _places(notice: Notice) -> tuple[keys.Key, keys.Key]:
    """Raises ValueError for a notice about no call."""
    if notice.call is None:
        raise ValueError(f"{notice.event} is about no call")
    key, asked = notice.call
    return keys.callee(notice.tenant, key), keys.call_result(notice.tenant, key, asked)
