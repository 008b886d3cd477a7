// 考评: files go up in pieces (tus 1.0), with progress, and go on by themselves after a broken line.
"use strict";
(() => {
  const PIECE = 4 * 1024 * 1024, WAITS = [1, 2, 5, 10, 30, 60];
  const pause = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });
  const encoded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const readable = (size) => (size < 1e6 ? `${Math.ceil(size / 1e3)} KB` : `${(size / 1e6).toFixed(1)} MB`);

  class Refused extends Error {}

  class Sending {
    constructor(place, file) {
      this.place = place;
      this.file = file;
      this.token = place.closest("form").querySelector("[name=csrfmiddlewaretoken]").value;
      this.list = place.querySelector("[data-list]");
      this.line = document.createElement("li");
      const [name, bar, said] = ["span", "progress", "span"].map((kind) => this.line.appendChild(document.createElement(kind)));
      name.textContent = file.name;
      bar.max = 100;
      bar.setAttribute("aria-label", file.name);
      said.className = "num";
      said.setAttribute("role", "status");
      this.bar = bar;
      this.said = said;
      this.show(0); // also while the first questions are on a slow line, or others go first
      this.list.append(this.line);
    }

    headers(more) { return { "Tus-Resumable": "1.0.0", "X-CSRFToken": this.token, ...more }; }

    show(offset) {
      const part = this.file.size ? Math.floor((100 * offset) / this.file.size) : 100;
      this.bar.value = part;
      this.said.textContent = `${part}% · ${readable(offset)} / ${readable(this.file.size)}`;
    }

    async ask(method, where, headers, body) {
      const answer = await fetch(where, { method, headers: this.headers(headers), body, credentials: "same-origin", redirect: "manual" });
      if (answer.ok) return answer;
      if (answer.type === "opaqueredirect") throw new Refused(this.list.dataset.shut); // to the sign-in
      const isPassing = answer.status >= 500 || answer.status === 423 || answer.status === 409 || answer.status === 460;
      if (answer.status === 404 || answer.status === 410) this.where = null; // given up meanwhile: begin anew
      const isPlain = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
      const said = isPlain ? (await answer.text()).slice(0, 300) : answer.status === 403 ? this.list.dataset.shut : "";
      throw new (isPassing ? Error : Refused)(said);
    }

    async begin() {
      const said = `filename ${encoded(this.file.name)},owner ${encoded(this.place.dataset.owner)}`;
      const about = { "Upload-Length": String(this.file.size), "Upload-Metadata": said };
      const answer = await this.ask("POST", this.place.dataset.uploads, about);
      this.where = answer.headers.get("Location");
    }

    async offset() { return Number((await this.ask("HEAD", this.where, {})).headers.get("Upload-Offset")); }

    async all() {
      if (!this.where) await this.begin();
      let offset = await this.offset();
      while (offset < this.file.size) {
        this.show(offset);
        const piece = this.file.slice(offset, offset + PIECE);
        const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
        const answer = await this.ask("PATCH", this.where, headers, piece);
        offset = Number(answer.headers.get("Upload-Offset"));
      }
      const page = await fetch(`${this.where}/state`, { credentials: "same-origin" });
      const holder = document.createElement("ul");
      holder.innerHTML = await page.text();
      const line = holder.querySelector("li");
      if (!page.ok || !line) throw new Error(String(page.status));
      this.line.replaceWith(line);
    }

    async go() {
      for (const wait of [...WAITS, null]) {
        try {
          return await this.all();
        } catch (error) {
          const isBrowsers = error instanceof TypeError; // its words are the browser's own, in any language
          if (error instanceof Refused || wait === null) return this.failed(isBrowsers ? "" : error.message);
          this.said.textContent = this.list.dataset.broken;
          await Promise.race([pause(wait), new Promise((done) => { window.addEventListener("online", done, { once: true }); })]);
        }
      }
    }

    failed(why) {
      this.bar.remove();
      this.said.className = "red";
      this.said.textContent = why || this.list.dataset.failed;
      const again = document.createElement("button");
      again.type = "button";
      again.className = "btn btn-sm btn-plain";
      again.textContent = this.list.dataset.again;
      again.addEventListener("click", () => {
        this.said.className = "num";
        again.replaceWith(this.bar);
        this.go();
      });
      this.line.append(again);
    }
  }

  const busy = new Map(); // how many batches each form still waits for
  async function sendAll(place, files) {
    const form = place.closest("form"), buttons = form.querySelectorAll("button:not([type=button])");
    busy.set(form, (busy.get(form) || 0) + 1);
    for (const one of buttons) one.disabled = true;
    const all = files.map((file) => new Sending(place, file)); // what still waits is seen, too
    for (const one of all) await one.go();
    busy.set(form, busy.get(form) - 1);
    if (!busy.get(form)) for (const one of buttons) one.disabled = false;
  }
  window.addEventListener("beforeunload", (event) => { if ([...busy.values()].some(Boolean)) event.preventDefault(); });

  for (const place of document.querySelectorAll("[data-uploads]")) {
    const input = place.querySelector("input[type=file]"), drop = place.querySelector("[data-drop]");
    for (const one of place.querySelectorAll("[data-script]")) one.hidden = false;
    input.classList.add("visually-hidden"); // its label opens it, and the keyboard reaches it
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      sendAll(place, files);
    });
    for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      sendAll(place, [...event.dataTransfer.files]);
    });
  }
})();
