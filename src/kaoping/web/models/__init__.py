"""Rows: the journal's entries and the register, and nothing that decides anything."""

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

__all__ = [
    "REGISTER",
    "Appointment",
    "Assessment",
    "Cell",
    "Cooperation",
    "Deadline",
    "Duty",
    "Entry",
    "Indicator",
    "Interest",
    "Person",
    "RegisterRow",
    "Scheme",
    "Section",
    "Task",
    "Unit",
]
