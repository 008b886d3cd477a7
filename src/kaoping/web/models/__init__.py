"""Rows: the journal's entries and the register, and nothing that decides anything."""

from kaoping.web.models.account import Account
from kaoping.web.models.draft import SchemeDraft
from kaoping.web.models.journal import Entry
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

__all__ = [
    "REGISTER",
    "Account",
    "Appointment",
    "Assessment",
    "Cell",
    "Cooperation",
    "Deadline",
    "Duty",
    "Entry",
    "EventKind",
    "Indicator",
    "Interest",
    "Person",
    "RegisterRow",
    "Scheme",
    "SchemeDraft",
    "Section",
    "SecurityEvent",
    "Task",
    "Unit",
]
