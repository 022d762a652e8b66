"""What some steps need beside the enrollment and its own: other contacts, the app, drafts, contexts, callees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from drumbeat.adapters.dynamodb import keys
from drumbeat.adapters.dynamodb.callees import callee_of
from drumbeat.adapters.dynamodb.contact_items import contact_of
from drumbeat.adapters.dynamodb.drafts import draft_of
from drumbeat.adapters.dynamodb.lead_contexts import context_of
from drumbeat.adapters.dynamodb.references import cancellation_of
from drumbeat.adapters.dynamodb.sequence_items import sender_of
from drumbeat.domain.cancellation import digests_of

if TYPE_CHECKING:
    from drumbeat.application.send_ports import Scene
    from drumbeat.domain.enrollment import Enrollment
    from drumbeat.domain.sequence import Sequence, Step

_CONTACT, _APP, _DRAFT, _CONTEXT, _CALLEE = "contact", "app", "draft", "context", "callee"


def further_keys(scene: Scene) -> dict[str, keys.Key]:
    """What the scene lacks, by name: nothing for a mail of a step's own text to the contact that was enrolled."""
    enrollment, sequence = scene.enrollment, scene.sequence
    if enrollment is None or sequence is None:
        return {}
    wanted = {}
    if enrollment.relinked_to:
        wanted[_CONTACT] = keys.contact(enrollment.tenant, enrollment.relinked_to)
    if enrollment.has_callee:
        wanted[_CALLEE] = keys.callee(enrollment.tenant, enrollment.key)
    step = _step(enrollment, sequence)
    if step is not None and (step.is_of_app or step.is_drafted):
        wanted |= _for_the_app(enrollment, sequence)
    return wanted


def completed(scene: Scene, named: Mapping[str, keys.Key], found: Mapping[keys.Key, dict[str, Any]]) -> Scene:
    """The scene with what was found of what it lacked."""
    there = {name: found[key] for name, key in named.items() if key in found}
    if scene.enrollment is not None and scene.enrollment.relinked_to is not None:
        scene = replace(scene, contact=contact_of(there[_CONTACT]) if _CONTACT in there else None)
    return replace(
        scene,
        app=sender_of(there[_APP]) if _APP in there else None,
        draft=draft_of(there[_DRAFT]) if _DRAFT in there else None,
        context=context_of(there[_CONTEXT]) if _CONTEXT in there else {},
        callee=callee_of(there[_CALLEE]) if _CALLEE in there else None,
    )


def cancellation_keys(scene: Scene) -> list[keys.Key]:
    """Where it stands up to when people with the variables of whom the scene calls are canceled."""
    if scene.enrollment is None or scene.callee is None:
        return []
    return [keys.cancellation(scene.enrollment.tenant, digest) for digest in digests_of([scene.callee.variables])]


def judged(scene: Scene, marks: Mapping[keys.Key, dict[str, Any]]) -> Scene:
    """The scene with the word whether a cancellation concerns it that has not come to end it yet."""
    if scene.enrollment is None:
        return scene
    there = [cancellation_of(marks[key]) for key in cancellation_keys(scene) if key in marks]
    is_canceled = any(cancellation.concerns(scene.enrollment.created_at) for cancellation in there)
    return replace(scene, is_canceled=is_canceled)


def _step(enrollment: Enrollment, sequence: Sequence) -> Step | None:
    return sequence.steps[enrollment.step] if enrollment.step < len(sequence.steps) else None


def _for_the_app(enrollment: Enrollment, sequence: Sequence) -> dict[str, keys.Key]:
    tenant, key = enrollment.tenant, enrollment.key
    wanted = {_CONTEXT: keys.lead_context(tenant, key)}
    if enrollment.drafted == enrollment.step:
        wanted[_DRAFT] = keys.draft(tenant, key, enrollment.step)
    if sequence.connector is not None:
        wanted[_APP] = keys.sender(tenant, sequence.connector)
    return wanted
