"""统一身份认证: the relying party's side of OpenID Connect, code flow with PKCE (decision 0017).

One flow at a time in a session: state, nonce and verifier are made at its beginning, used once and
forgotten whatever comes back. An ID token is believed only with a good signature of a key that the
issuer publishes, for this client, for this session, now.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import jwt
import requests
from django.conf import settings

from kaoping.core.errors import EnvironmentFault, RefusedError
from kaoping.web.opening import installation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.sessions.backends.base import SessionBase

_FLOW = "oidc"
_FLOW_SECONDS = 600
_PATIENCE = (5, 10)
"""Seconds to reach the provider, and to wait for its answer."""
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures by a published key; never one by a shared secret, never none."""
_LEEWAY = 60
_SERVER_ERROR = 500
_WELL_KNOWN = "/.well-known/openid-configuration"


class Purpose(StrEnum):
    """What somebody wants to prove who she is for."""

    SIGN_IN = "sign_in"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Proof:
    """What the provider says of who has just proved it there.

    Attributes:
        name: the claim that names a person, as the settings choose it.
        purpose: what the flow was begun for.
        back: the page to go on to.
    """

    name: str
    purpose: Purpose
    back: str


def begin(session: SessionBase, back_to_us: str, purpose: Purpose, back: str) -> str:
    """Begin a flow.

    Args:
        session: in which it is remembered.
        back_to_us: the address to which the provider sends the browser.
        purpose: what for.
        back: the page to go on to at the end.

    Returns:
        The provider's address to send the browser to.

    Raises:
        EnvironmentFault: where the provider does not answer.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    session[_FLOW] = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "purpose": purpose.value,
        "back": back,
        "until": _now() + _FLOW_SECONDS,
    }
    asked = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": back_to_us,
        "scope": "openid profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    if purpose is Purpose.CONFIRM:
        asked |= {"prompt": "login", "max_age": "0"}
    return f"{_provider().authorization}?{urlencode(asked)}"


def finish(session: SessionBase, answer: Mapping[str, str], back_to_us: str) -> Proof:
    """End a flow with what the provider sent along with the browser.

    Raises:
        RefusedError: where the answer proves nothing in this session.
        EnvironmentFault: where the provider does not answer.
    """
    flow = session.pop(_FLOW, None) or {"state": "", "until": 0}
    is_ours = hmac.compare_digest(flow["state"].encode(), answer.get("state", "").encode())
    if not is_ours or flow["until"] < _now():
        raise _refused("登录请求已失效", "the request is over, or was not made here")
    if "error" in answer or not answer.get("code"):
        raise _refused("对方没有通过", "the provider refused")
    token = _provider().token_for(answer["code"], flow["verifier"], back_to_us)
    claims = _provider().claims_of(token, flow["nonce"])
    name = claims.get(settings.OIDC_CLAIM)
    if not isinstance(name, str) or not name:
        raise _refused(
            f"没有 {settings.OIDC_CLAIM} 一项", f"claim {settings.OIDC_CLAIM} is missing"
        )
    purpose = Purpose(flow["purpose"])
    if purpose is Purpose.CONFIRM and not _is_recent(claims):
        raise _refused("对方没有重新认证", "the provider did not ask anew")
    return Proof(name, purpose, flow["back"])


def _is_recent(claims: Mapping[str, Any]) -> bool:
    """Whether the person has proved it for this very question, not in the morning."""
    proved = claims.get("auth_time")
    return isinstance(proved, int) and claims["iat"] - proved <= _LEEWAY


@dataclass(frozen=True)
class _Provider:
    """What its configuration says, as it was read once by this process."""

    authorization: str
    token: str
    keys: jwt.PyJWKClient
    is_basic: bool

    def token_for(self, code: str, verifier: str, back_to_us: str) -> str:
        """Exchange the code for an ID token."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back_to_us,
            "code_verifier": verifier,
            "client_id": settings.OIDC_CLIENT_ID,
        }
        client = (settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)
        if settings.OIDC_CLIENT_SECRET and not self.is_basic:
            form["client_secret"] = settings.OIDC_CLIENT_SECRET
        is_basic = self.is_basic and bool(settings.OIDC_CLIENT_SECRET)
        answer = _asked("POST", self.token, data=form, auth=client if is_basic else None)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise _refused("对方没有给出身份令牌", "there is no ID token")
        return token

    def claims_of(self, token: str, nonce: str) -> dict[str, Any]:
        """What a token says, if it is to be believed."""
        try:
            key = self.keys.get_signing_key_from_jwt(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=list(_ALGORITHMS),
                audience=settings.OIDC_CLIENT_ID,
                issuer=settings.OIDC_ISSUER,
                leeway=_LEEWAY,
                options={"require": ["iss", "aud", "exp", "iat", "nonce"]},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise _down(error) from error
        except jwt.PyJWTError as error:
            raise _refused("身份令牌不可信", f"the token is not to be believed: {error}") from error
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise _refused("身份令牌不是给这次登录的", "the token is of another sign-in")
        if claims.get("azp", settings.OIDC_CLIENT_ID) != settings.OIDC_CLIENT_ID:
            raise _refused("身份令牌不是给本系统的", "the token is for another client")
        return claims


def _provider() -> _Provider:
    return _read(settings.OIDC_ISSUER)


@cache
def _read(issuer: str) -> _Provider:
    said = _asked("GET", issuer + _WELL_KNOWN)
    if said.get("issuer") != issuer:
        raise _down(ValueError(f"it calls itself {said.get('issuer')!r}"))
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    try:
        return _Provider(
            said["authorization_endpoint"],
            said["token_endpoint"],
            _keys(said["jwks_uri"]),
            "client_secret_basic" in methods,
        )
    except KeyError as error:
        raise _down(error) from error


def _keys(address: str) -> jwt.PyJWKClient:
    return _Keys(address, cache_keys=True, lifespan=_FLOW_SECONDS)


class _Keys(jwt.PyJWKClient):
    """The provider's keys, asked for as everything else is."""

    def fetch_data(self) -> Any:  # noqa: ANN401 - of the library
        """The set of keys as it is published now."""
        keys = _asked("GET", self.uri)
        if self.jwk_set_cache is not None:
            self.jwk_set_cache.put(keys)
        return keys


def _asked(method: str, address: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - of requests
    """What an address of the provider answers, as a JSON object."""
    try:
        with requests.Session() as session:
            session.trust_env = False  # no proxy, no password file of this computer
            session.verify = settings.OIDC_CA or True
            answer = session.request(
                method, address, timeout=_PATIENCE, allow_redirects=False, **more
            )
            answer.raise_for_status()
            found = answer.json()
    except requests.HTTPError as error:
        if method == "POST" and answer.status_code < _SERVER_ERROR:
            raise _refused("对方不认登录码", "the provider refused the code") from error
        raise _down(error) from error
    except requests.RequestException as error:
        raise _down(error) from error
    if not isinstance(found, dict):
        raise _down(TypeError("it answered no JSON object"))
    return found


def _refused(zh: str, en: str) -> RefusedError:
    return RefusedError(
        f"统一身份认证没有成功（{zh}），没有登录。请重新登录；一直不行，请用账号和密码登录，并告诉系统管理员。",
        f"The unified sign-in failed ({en}). Sign in again, or with login and password.",
    )


def _down(error: Exception) -> EnvironmentFault:
    return EnvironmentFault(
        "统一身份认证现在没有应答，没有登录。请稍后再试，或用账号和密码登录；请告诉系统管理员。",
        f"The unified sign-in does not answer: {error}. Try later, or sign in with your password.",
    )


def _now() -> int:
    return int(installation().clock().timestamp())
