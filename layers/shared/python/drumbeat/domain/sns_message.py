"""What SNS posts to an HTTPS endpoint, and what of it is signed."""

from dataclasses import dataclass
from enum import StrEnum

_NOTIFIED = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_ASKED = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


class SnsKind(StrEnum):
    """The types of messages, as SNS names them."""

    NOTIFICATION = "Notification"
    SUBSCRIPTION = "SubscriptionConfirmation"
    UNSUBSCRIPTION = "UnsubscribeConfirmation"


SIGNED = {SnsKind.NOTIFICATION: _NOTIFIED, SnsKind.SUBSCRIPTION: _ASKED, SnsKind.UNSUBSCRIPTION: _ASKED}
"""The members that are signed, in the order in which they are; a subject that is not there is left out."""


@dataclass(frozen=True, slots=True)
class SnsMessage:
    """A message whose signature was found good. `token` is what a subscription is confirmed with, else empty."""

    kind: SnsKind
    topic: str
    region: str
    text: str
    token: str = ""
