// Asks a passkey: for a signature on the document that the server laid here, or to be made. What it says, the page says in words.
"use strict";
{
  const octets = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const spelt = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const WHY = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" };
  const named = (each) => ({ ...each, id: octets(each.id) });

  const sign = async (asked) => {
    const publicKey = { ...asked, challenge: octets(asked.challenge), allowCredentials: asked.allowCredentials.map(named) };
    const { id, type, response } = await navigator.credentials.get({ publicKey });
    const parts = ["authenticatorData", "clientDataJSON", "signature"].map((name) => [name, spelt(response[name])]);
    return { id, rawId: id, type, response: Object.fromEntries(parts) };
  };
  const make = async (asked) => {
    const user = { ...asked.user, id: octets(asked.user.id) };
    const publicKey = { ...asked, user, challenge: octets(asked.challenge), excludeCredentials: (asked.excludeCredentials ?? []).map(named) };
    const { id, type, response } = await navigator.credentials.create({ publicKey });
    const parts = ["attestationObject", "clientDataJSON"].map((name) => [name, spelt(response[name])]);
    return { id, rawId: id, type, response: { ...Object.fromEntries(parts), transports: response.getTransports?.() ?? [] } };
  };

  for (const part of document.querySelectorAll("[data-passkey]")) {
    const { form } = part.querySelector("input[name='response']");
    const press = part.querySelector("[data-press]");
    const said = part.querySelector("[data-said]");
    const asked = JSON.parse(part.dataset.passkey);
    const until = performance.now() + Number(part.dataset.seconds) * 1000;
    let busy = false;

    const send = (response) => {
      form.elements.response.value = JSON.stringify(response);
      form.requestSubmit(form.querySelector("[data-send]"));
    };
    const say = (what) => {
      said.textContent = part.dataset[what];
      said.classList.toggle("error", what !== "busy");
    };
    const ask = async () => {
      // What lay here for too long is refused, and laid here anew: nobody need touch a key for that.
      if (performance.now() > until) return send({});
      say("busy");
      try {
        send(await (asked.user ? make(asked) : sign(asked)));
      } catch (error) {
        say(WHY[error.name] ?? "failed");
        press.focus();
      }
    };

    if (!window.PublicKeyCredential) {
      for (const other of form.querySelectorAll("details")) other.open = true;
      continue;
    }
    for (const without of form.querySelectorAll("[data-no-passkeys]")) without.hidden = true;
    part.hidden = false;
    if (!document.querySelector("[data-focus]")) press.focus({ preventScroll: true });
    press.addEventListener("click", async () => {
      if (busy) return;
      busy = true;
      await ask();
      busy = false;
    });
  }
}
