"""An app that writes the texts of mails: `python3 examples/draft_connector.py --secret whsec_...`

A cadence's steps of kind email with draftStrategy ai ask it. Put your own writer where `written` is.
"""

from typing import Any

from signed_app import answer, arguments, say, serve


def written(request: dict[str, Any]) -> dict[str, str]:
    """The text for this lead: what is in `context`, by the step's hint."""
    lead, context = request["lead"], request["context"]
    name = (lead["name"] or "there").split()[0]
    about = context.get("topic", "your work")
    hint = f"\n\n({request['promptHint']})" if request["promptHint"] else ""
    return {"subject": f"About {about}", "text": f"Hi {name},\n\nI read about {about} and had a question.{hint}\n"}


def work(request: dict[str, Any]) -> None:
    """Answers what asks for a draft; everything else is news that this app has no use for."""
    if request["type"] != "cadence.step.draft.requested":
        return
    result = answer(request["callbacks"]["draft"], written(request))
    say(did="draft", lead=request["lead"]["externalId"], step=request["stepIndex"], **result)


if __name__ == "__main__":
    options = arguments("Writes drafts.", 8791).parse_args()
    serve(options.port, options.secret, work)
