// 考评: asks the browser for a passkey, and hands what it brings to the form's own address.
"use strict";
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// Kernels before 129 cannot read the options as JSON themselves.
function asked(options) {
  const one = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  if (one.user) one.user = { ...one.user, id: bytes(one.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (one[list]) one[list] = one[list].map((key) => ({ ...key, id: bytes(key.id) }));
  }
  return { publicKey: one };
}

function told(credential) {
  const given = credential.response;
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (given[name]) response[name] = text(given[name]);
  }
  if (given.getTransports) response.transports = given.getTransports();
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function fetched(form) {
  const answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form), redirect: "error" });
  if (!answer.ok) throw new Error(answer.status);
  return asked(await answer.json());
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const failed = form.querySelector("[data-failed]");
  // A passkey belongs to a name; an address in digits has none.
  const isNamed = !/^[\d.]+$|:/.test(location.hostname);
  const isPossible = Boolean(window.isSecureContext && window.PublicKeyCredential && isNamed);
  form.hidden = !isPossible;
  for (const note of document.querySelectorAll("[data-no-passkey]")) note.hidden = isPossible;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const made = await navigator.credentials[form.dataset.passkey](await fetched(form));
      form.elements.credential.value = told(made);
      form.submit();
    } catch {
      failed.hidden = false;
      form.querySelector("button").disabled = false;
    }
  });
}
