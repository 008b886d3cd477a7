"""A unified sign-in of our own on loopback: a real OpenID provider with keys, codes and PKCE.

What it says can be bent, so that tests see what a wrong or hostile answer does.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "kaoping", "only-for-tests"


def fresh_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """The provider, and how the next answers are bent.

    Attributes:
        claims: put over those of the ID token.
        key: signs it; `published` is the one that is published.
        is_broken: the token endpoint answers 500.
    """

    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=fresh_key)
    published: Any = None
    algorithm: str = "RS256"
    headers: dict[str, Any] = field(default_factory=lambda: {"kid": "1"})
    is_broken: bool = False
    issuer: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    exchanged: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.published = self.key
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.get(self)

            def do_POST(self):
                provider.post(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        # Closing waits for the next look: half a second, if nothing else is said.
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    # --- what a browser asks ----------------------------------------------------------------------

    def visit(self, address, person):
        """What a browser does there: a person proves who he is; the address it is sent back to."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked | {"person": person}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    # --- what the platform asks -------------------------------------------------------------------

    def get(self, handler):
        if handler.path == "/.well-known/openid-configuration":
            answer: Any = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        else:
            key = jwt.algorithms.RSAAlgorithm.to_jwk(self.published.public_key(), as_dict=True)
            answer = {"keys": [key | {"kid": "1", "use": "sig", "alg": "RS256"}]}
        self.answer(handler, 200, answer)

    def post(self, handler):
        length = int(handler.headers["Content-Length"])
        form = {n: v[0] for n, v in parse_qs(handler.rfile.read(length).decode()).items()}
        if self.is_broken:
            return self.answer(handler, 500, {})
        asked = self.codes.pop(form["code"], None)
        challenge = sha256(form["code_verifier"].encode()).digest()
        challenge_text = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        client = base64.b64decode(handler.headers["Authorization"].removeprefix("Basic ")).decode()
        is_good = (
            asked is not None
            and form["grant_type"] == "authorization_code"
            and asked["code_challenge"] == challenge_text
            and asked["redirect_uri"] == form["redirect_uri"]
            and unquote(client) == f"{CLIENT}:{SECRET}"
        )
        if not is_good:
            return self.answer(handler, 400, {"error": "invalid_grant"})
        self.exchanged.append(form["code"])
        return self.answer(handler, 200, {"access_token": "x", "id_token": self.token(asked)})

    def token(self, asked):
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": f"sub-{asked['person']}",
            "preferred_username": asked["person"],
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 300,
            **({"auth_time": now} if asked.get("prompt") == "login" else {}),
            **self.claims,
        }
        left = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(left, self.key, algorithm=self.algorithm, headers=self.headers)

    def answer(self, handler, status, body):
        content = json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
