"""How far a call sequence has come, as contract 4.8 names it."""

from drumbeat.domain.enrollment import Enrollment, EnrollmentState

_STATES = {
    EnrollmentState.WAITING: "waiting",
    EnrollmentState.HELD: "scheduled",
    EnrollmentState.PAUSED: "paused",
    EnrollmentState.PARKED: "in progress",
    EnrollmentState.FINISHED: "done",
    EnrollmentState.REPLIED: "done",
    EnrollmentState.REMOVED: "cancelled",
    EnrollmentState.DELETED: "cancelled",
    EnrollmentState.UNSUBSCRIBED: "cancelled",
    EnrollmentState.FAILED: "failed",
    EnrollmentState.BOUNCED: "failed",
}


def lifecycle(enrollment: Enrollment) -> str:
    """What clients call it; it is scheduled until something of it has been asked for or has left."""
    if enrollment.state is EnrollmentState.ACTIVE:
        has_begun = enrollment.asked > 0 or enrollment.step > 0 or enrollment.last_sent_at is not None
        return "in progress" if has_begun else "scheduled"
    if enrollment.state is EnrollmentState.FINISHED and enrollment.finished_at is not None:
        return "cancelled"
    return _STATES[enrollment.state]
