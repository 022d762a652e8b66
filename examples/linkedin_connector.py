"""An app that plays LinkedIn: `python3 examples/linkedin_connector.py --secret whsec_...`

It does every LinkedIn step at once, and nothing really. Leads named by --replies reply before it can act, those named
by --unknown have no profile, and with --accepts every invitation is accepted. Put your own client where `acted` is.
"""

import zlib
from typing import Any

from signed_app import answer, arguments, say, serve


def acted(request: dict[str, Any]) -> dict[str, str]:
    """Where the step was done: the conversation and the profile, as LinkedIn would name them."""
    number = zlib.crc32((request["lead"]["linkedinUrl"] or request["lead"]["profileUrn"]).encode())
    return {"channel_urn": f"urn:li:msg_conversation:{number}", "profile_urn": f"urn:li:fsd_profile:{number}"}


def main() -> None:
    """Answers steps as the options say; everything else is news that this app has no use for."""
    parser = arguments("Plays LinkedIn.", 8792)
    parser.add_argument("--replies", action="append", default=[], metavar="LEAD_EXTERNAL_ID")
    parser.add_argument("--unknown", action="append", default=[], metavar="LEAD_EXTERNAL_ID")
    parser.add_argument("--accepts", action="store_true")
    options = parser.parse_args()

    def work(request: dict[str, Any]) -> None:
        if request["type"] != "cadence.step.requested":
            return
        lead, callbacks = request["lead"]["externalId"], request["callbacks"]
        if lead in options.replies:
            say(did="reply", lead=lead, **answer(callbacks["replied"]))
            return
        if lead in options.unknown:
            failure = {"reason": "there is no such profile", "retry": False}
            say(did="nothing", lead=lead, **answer(callbacks["failed"], failure))
            return
        say(did=request["stepKind"], lead=lead, **answer(callbacks["done"], acted(request)))
        if options.accepts and request["stepKind"] == "linkedin_connect":
            say(did="accept", lead=lead, **answer(callbacks["accepted"]))

    serve(options.port, options.secret, work)


if __name__ == "__main__":
    main()
