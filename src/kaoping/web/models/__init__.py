"""Rows: the journal's entries and the register, and nothing that decides anything."""

from kaoping.web.models.account import Account
from kaoping.web.models.draft import DraftItem, DraftSource, SchemeDraft
from kaoping.web.models.filed_file import FiledFile
from kaoping.web.models.job import JobRun, JobState
from kaoping.web.models.journal import Entry
from kaoping.web.models.notice import (
    NO_ADDRESS,
    CalendarToken,
    Delivery,
    DeliveryState,
    Message,
    MessageKind,
    ReadMark,
    Told,
)
from kaoping.web.models.people import PeopleList
from kaoping.web.models.preview import NearPhoto, Preview, PreviewPart, PreviewState
from kaoping.web.models.register import (
    REGISTER,
    Appointment,
    Assessment,
    Cell,
    Cooperation,
    Deadline,
    Duty,
    Indicator,
    Interest,
    Person,
    RegisterRow,
    Scheme,
    Section,
    Task,
    Unit,
)
from kaoping.web.models.security import EventKind, SecurityEvent
from kaoping.web.models.session import Session
from kaoping.web.models.upload import Upload, UploadState
from kaoping.web.models.verification import Cause, LayerFinding, RunState, VerificationRun

__all__ = [
    "NO_ADDRESS",
    "REGISTER",
    "Account",
    "Appointment",
    "Assessment",
    "CalendarToken",
    "Cause",
    "Cell",
    "Cooperation",
    "Deadline",
    "Delivery",
    "DeliveryState",
    "DraftItem",
    "DraftSource",
    "Duty",
    "Entry",
    "EventKind",
    "FiledFile",
    "Indicator",
    "Interest",
    "JobRun",
    "JobState",
    "LayerFinding",
    "Message",
    "MessageKind",
    "NearPhoto",
    "PeopleList",
    "Person",
    "Preview",
    "PreviewPart",
    "PreviewState",
    "ReadMark",
    "RegisterRow",
    "RunState",
    "Scheme",
    "SchemeDraft",
    "Section",
    "SecurityEvent",
    "Session",
    "Task",
    "Told",
    "Unit",
    "Upload",
    "UploadState",
    "VerificationRun",
]
