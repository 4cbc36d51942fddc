"use strict";
// Keeps the Relays page live: countdowns by the second, and each relay's own HTML again when it stands otherwise. A button
// is sent without leaving the page, for its answer may be what cuts the way back.
(() => {
  const { words, second } = picli.format;
  const main = document.getElementById("main");
  const said = document.getElementById("said");

  function tick() {
    const now = picli.now();
    for (const place of main.querySelectorAll(".countdown")) {
      const text = words(Math.max(0, Math.ceil((Number(place.dataset.until) - now) / 1000)));
      if (place.textContent !== text) place.textContent = text;
    }
  }

  function say(text) {
    if (!text) return said.replaceChildren();
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = text;
    said.replaceChildren(note);
  }

  /** Takes over what differs; what somebody has opened stays open, and what they are typing stays. */
  function show(page) {
    const fresh = page.getElementById("main");
    if (!fresh || !fresh.querySelector(".relays")) return location.reload();
    const verdict = main.querySelector(".verdict");
    verdict.replaceChildren(...fresh.querySelector(".verdict").childNodes);
    for (const card of fresh.querySelectorAll(".relay")) {
      const present = document.getElementById(card.id);
      if (!present) return location.reload();
      if (present.contains(document.activeElement) && /^(INPUT|SELECT)$/.test(document.activeElement.tagName)) continue;
      const open = [...present.querySelectorAll("details[open]")].map((element) => element.id);
      const focused = present.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
      present.className = card.className;
      present.replaceChildren(...card.childNodes);
      for (const id of open) if (document.getElementById(id)) document.getElementById(id).open = true;
      if (focused) present.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
    }
    const [old, recent] = [main, fresh].map((place) => place.querySelector("section.group"));
    if (old && recent) old.replaceChildren(...recent.childNodes);
    else if (recent) main.append(recent);
    tick();
  }

  const parse = (text) => new DOMParser().parseFromString(text, "text/html");
  let [isBusy, isAskedAgain] = [false, false];

  /** The page's HTML again, at most four times a second; what changes while it is on its way is asked for once more. */
  async function refresh() {
    if (document.hidden) return;
    isAskedAgain = true;
    if (isBusy) return;
    isBusy = true;
    while (isAskedAgain) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      isAskedAgain = false;
      try {
        const answer = await fetch("/relays", { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(10000) });
        if (answer.redirected) return location.reload();
        show(parse(await answer.text()));
      } catch {
        // live.js tells the loss of the connection, and asks again by `back`.
      }
    }
    isBusy = false;
  }

  main.addEventListener("submit", async (event) => {
    const form = event.target;
    const card = form.closest(".relay");
    if (!card) return;
    event.preventDefault();
    if (card.classList.contains("sending")) return;
    card.classList.add("sending");
    say("");
    const until = new AbortController();
    const timer = setTimeout(() => until.abort(), 15000);
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" }, signal: until.signal,
      });
      const page = parse(await answer.text());
      // The session has ended, or a password is asked for, and the command waits for it: by a page, as without script.
      if (!page.querySelector(".relays")) return answer.redirected ? location.assign(answer.url) : form.submit();
      form.closest("details")?.removeAttribute("open");
      document.activeElement?.blur();
      show(page);
      say(page.getElementById("said")?.textContent.trim() || "");
    } catch {
      say(
        `The unit did not answer at ${second(picli.now())}; the command may have reached it. ` +
        "If it cut the way here, what it cut comes on by itself unless it is confirmed. This page goes on trying.");
      refresh();
    } finally {
      clearTimeout(timer);
      card.classList.remove("sending");
    }
  });

  document.addEventListener("picli:relays", refresh);
  document.addEventListener("picli:event", refresh);
  document.addEventListener("picli:back", refresh);
  // Nothing was taken over while nobody looked.
  document.addEventListener("visibilitychange", refresh);
  setInterval(tick, 1000);
  tick();
})();
