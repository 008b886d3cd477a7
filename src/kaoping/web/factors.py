"""二次验证: codes of an authenticator (TOTP), passkeys (WebAuthn) and recovery codes.

django-allauth keeps the rows and knows the protocols. Here they get this platform's names, secrets
that are stored encrypted, codes that are good once whichever process is asked, and one small set of
questions for the pages.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kaoping.web.opening import installation

if TYPE_CHECKING:
    from datetime import datetime

    from kaoping.web.models import Account

_SALT = "kaoping.totp"
_OFFER_SECONDS = 15 * 60
"""How long the secret on an enrolment page is good."""
_KEY_BYTES = 32


class Factor(StrEnum):
    """By what a second factor is proved."""

    TOTP = "totp"
    PASSKEY = "webauthn"
    RECOVERY = "recovery_codes"


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # a class without types
    """How allauth calls things here, and how it keeps secrets."""

    def encrypt(self, text: str) -> str:
        """As it is stored."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it was before."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Account) -> str:
        """What stands in the authenticator beside the code."""
        return user.login

    def get_totp_issuer(self) -> str:
        """And above it."""
        return _("考评")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For which host a passkey is made."""
        return {**super().get_public_key_credential_rp_entity(), "name": _("考评")}

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        """For whom: an id that says nothing to others."""
        return {"id": user.person.encode(), "display_name": user.login, "name": user.login}

    def _get_site_name(self) -> str:
        return _("考评")


def _box() -> Fernet:
    derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"kaoping second factors")
    key = derived.derive(installation().instance_secret)
    return Fernet(base64.urlsafe_b64encode(key))


# --- what somebody has ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """A factor as the account page shows it.

    Attributes:
        id: of its row.
        is_passkey: a passkey, or else an authenticator.
        name: what its person called it; empty for an authenticator.
        since: when it was set up.
    """

    id: int
    is_passkey: bool
    name: str
    since: datetime


def kept(account: Account) -> list[Kept]:
    """The factors of an account, recovery codes apart."""
    rows = Authenticator.objects.filter(user=account).exclude(type=Factor.RECOVERY).order_by("id")
    return [
        Kept(row.pk, row.type == Factor.PASSKEY, row.data.get("name", ""), row.created_at)
        for row in rows
    ]


def recovery_codes(account: Account) -> list[str]:
    """The recovery codes that are not used yet; none before the first factor."""
    row = _row(account, Factor.RECOVERY)
    return RecoveryCodes(row).get_unused_codes() if row else []


def _row(account: Account, factor: Factor) -> Any | None:  # noqa: ANN401 - a row without types
    return Authenticator.objects.filter(user=account, type=factor).first()


# --- proving --------------------------------------------------------------------------------------


def prove_by_code(account: Account, code: str) -> Factor | None:
    """By what a code proves the second factor: the authenticator's, or a recovery code; None: by none.

    A code is good once, and with it every older one of the same authenticator.
    """
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(user=account, type=Factor.TOTP)
        for one in row:
            secret = Adapter().decrypt(one.data["secret"])
            step = _step(secret, code)
            if step is not None and step > one.data.get("used", 0):
                one.data["used"] = step
                one.save(update_fields=["data"])
                return Factor.TOTP
        kept = Authenticator.objects.select_for_update().filter(user=account, type=Factor.RECOVERY)
        for codes in kept:  # under the lock as well: of two at once one finds the code used
            if RecoveryCodes(codes).validate_code(code):
                return Factor.RECOVERY
    return None


def _step(secret: str, code: str) -> int | None:
    """For which half minute a code is, if for one of the present ones."""
    for step in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, step))
        if compare_user_code(actual=code, expected=expected):
            return int(step)
    return None


def ask_for_passkey(account: Account) -> dict[str, Any]:
    """What the browser is to have signed; remembered in the session until it is."""
    return dict(webauthn.begin_authentication(account))


def prove_by_passkey(account: Account, credential: str) -> Factor | None:
    """Whether what the browser brought is signed by a passkey of the account, for this session."""
    try:
        webauthn.complete_authentication(account, _parsed(credential))
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None  # whatever it was, it was no proof
    return Factor.PASSKEY


def _parsed(credential: str) -> dict[str, Any]:
    found = json.loads(credential or "{}")
    return found if isinstance(found, dict) else {}


# --- setting up -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """A new secret for an authenticator, as the page shows it.

    Attributes:
        token: brings the secret back with the form; good for this account and some minutes.
        secret: to be typed, in groups of four.
        image: the same as a QR code, an address for an `img`.
    """

    token: str
    secret: str
    image: str


def offer(account: Account, token: str = "") -> Offer:
    """A secret that nobody has had yet, or the one of a token again."""
    secret = (_offered(account, token) if token else None) or totp.generate_totp_secret()
    adapter = Adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(account, secret))
    return Offer(
        signing.dumps([account.pk, secret], salt=_SALT),
        " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode(),
    )


def add_authenticator(account: Account, token: str, code: str) -> bool:
    """Set up the authenticator that shows a right code for the offered secret; whether it does."""
    secret = _offered(account, token)
    step = _step(secret, code) if secret else None
    if secret is None or step is None:
        return False
    with transaction.atomic():
        Authenticator.objects.filter(user=account, type=Factor.TOTP).delete()
        row = totp.TOTP.activate(account, secret).instance
        row.data["used"], row.created_at = step, installation().clock()
        row.save(update_fields=["data", "created_at"])
        RecoveryCodes.activate(account)
    return True


def _offered(account: Account, token: str) -> str | None:
    try:
        owner, secret = signing.loads(token, salt=_SALT, max_age=_OFFER_SECONDS)
    except (signing.BadSignature, ValueError):
        return None
    return secret if owner == account.pk else None


def ask_for_new_passkey(account: Account) -> dict[str, Any]:
    """What the browser is to make a passkey from; remembered in the session until it has."""
    return dict(webauthn.begin_registration(account, passwordless=False))


def add_passkey(account: Account, name: str, credential: str) -> bool:
    """Keep the passkey that the browser made; whether it is one, for this session."""
    try:
        parsed = _parsed(credential)
        webauthn.parse_registration_response(parsed)
        webauthn.complete_registration(parsed)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return False  # whatever it was, it was no passkey
    with transaction.atomic():
        row = webauthn.WebAuthn.add(account, name, parsed).instance
        row.created_at = installation().clock()
        row.save(update_fields=["created_at"])
        RecoveryCodes.activate(account)
    return True


def remove(account: Account, factor: int) -> bool:
    """Take a factor away, and the recovery codes with the last one; whether there was one."""
    rows = Authenticator.objects.filter(user=account)
    found = rows.exclude(type=Factor.RECOVERY).filter(pk=factor).delete()[0]
    if not rows.exclude(type=Factor.RECOVERY).exists():
        rows.delete()
    return bool(found)


def remove_all(account: Account) -> None:
    """Take every factor away: the telephone is lost."""
    Authenticator.objects.filter(user=account).delete()


def renew_recovery_codes(account: Account) -> None:
    """Ten new recovery codes; the old ones are worth nothing."""
    Authenticator.objects.filter(user=account, type=Factor.RECOVERY).delete()
    RecoveryCodes.activate(account)
