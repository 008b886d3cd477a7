"""办理: one official step, as it is recorded: who did what to which thing, when."""

from dataclasses import dataclass

from kaoping.core.acts.union import Content
from kaoping.core.acts.words import Moment, Uuid


@dataclass(frozen=True, slots=True)
class Act:
    """办理 (一次正式行为).

    Attributes:
        id: made by the client; the same id with the same content is the same act.
        at: when the server took it, in universal time to the second.
        actor: the person who does it; of a batch run, the program.
        subject: the thing it is about.
        content: the fields of this kind of act.
        supersedes: the act that it replaces; that act stays and stays visible.
    """

    id: Uuid
    at: Moment
    actor: Uuid
    subject: Uuid
    content: Content
    supersedes: Uuid | None = None

    @property
    def type(self) -> str:
        """The wire name of the kind of act, with its version."""
        return self.content.wire
