"""Where mails are handed in, as the settings say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed in; `user` is empty where the server asks for none."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool
    is_starttls: bool
    sender: str

    def __repr__(self) -> str:
        """Without the password."""
        return f"MailServer({self.host}:{self.port})"
