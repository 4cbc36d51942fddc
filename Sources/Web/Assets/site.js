"use strict";
// Keeps the Site page live: values as they arrive, ages by the second, and the page's own HTML again when a state
// changed, so that verdict and lines are said in one place only: on the unit.
(() => {
  const { figure, text, range, age, NBSP } = picli.format;
  const main = document.getElementById("main");
  let figures = new Map();

  const key = (metric, simulated) => (simulated ? "~" : "") + metric;

  function index() {
    figures = new Map();
    for (const element of main.querySelectorAll(".figure")) {
      const name = key(element.dataset.metric, "simulated" in element.dataset);
      figures.set(name, [...(figures.get(name) || []), element]);
    }
  }

  function write(element, value, name) {
    widen(element, value);
    if ("plain" in element.dataset) {
      element.textContent = text(value, name);
      return;
    }
    const [number, unit] = figure(value, name);
    const bold = document.createElement("b");
    bold.textContent = number;
    if (!unit) return element.replaceChildren(bold);
    const small = document.createElement("i");
    small.textContent = unit;
    element.replaceChildren(bold, NBSP, small);
  }

  /** The least and greatest value beside a line hold the present one, too. */
  function widen(element, value) {
    const place = element.closest(".main")?.parentElement.querySelector(".range");
    if (!place) return;
    const [low, high] = [Number(place.dataset.low), Number(place.dataset.high)];
    if (low <= value && value <= high) return;
    place.dataset.low = Math.min(low, value);
    place.dataset.high = Math.max(high, value);
    place.textContent = range(Number(place.dataset.low), Number(place.dataset.high), place.dataset.unit);
  }

  /** Shows a reading; true when it changes more than a number, and the page should be asked for anew. */
  function show(element, reading) {
    const data = element.dataset;
    const time = Date.parse(reading.time);
    if (time <= Number(data.time)) return false;
    if ((reading.noData?.reason || "") !== (data.missing || "")) return true;
    const before = { time: Number(data.time), value: Number(data.value) };
    data.time = time;
    if (reading.noData) return false;
    const isNew = data.value === undefined;
    data.value = reading.value;
    if (data.kind === "flag") return isNew || before.value !== reading.value;
    if (data.kind === "value") write(element, reading.value, data.unit);
    if (data.kind === "rate" && !isNew && reading.value >= before.value) {
      const seconds = (time - before.time) / 1000;
      write(element, (reading.value - before.value) / seconds, data.unit + "/s");
    }
    return false;
  }

  function tick() {
    const now = picli.now();
    for (const tile of main.querySelectorAll(".tile")) {
      const value = tile.querySelector(".main .figure");
      if (!value) continue;
      const old = now - Number(value.dataset.time);
      const isLate = old > 2 * Number(tile.dataset.interval);
      tile.classList.toggle("late", isLate);
      const text = isLate ? age(old) + " ago" : "";
      const place = tile.querySelector(".age");
      if (place.textContent !== text) place.textContent = text;
    }
  }

  let lastRefresh = Date.now();
  let pending = null;

  /** The page's HTML again, at most once in 5 s. */
  function refresh() {
    if (pending || document.hidden) return;
    pending = setTimeout(async () => {
      pending = null;
      lastRefresh = Date.now();
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("main");
        // Not our page any more: the session has ended, or the unit runs another version.
        if (answer.redirected || !fresh) return location.reload();
        const focused = document.activeElement?.getAttribute("href");
        main.replaceChildren(...fresh.childNodes);
        if (focused) main.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
        index();
        tick();
      } catch {
        // live.js tells the loss of the connection, and asks again by `back`.
      }
    }, Math.max(300, lastRefresh + 5000 - Date.now()));
  }

  document.addEventListener("picli:readings", ({ detail: readings }) => {
    let isChanged = figures.size === 0;
    for (const reading of readings) {
      for (const element of figures.get(key(reading.metric, reading.simulated)) || []) {
        isChanged = show(element, reading) || isChanged;
      }
    }
    tick();
    if (isChanged) refresh();
  });
  document.addEventListener("picli:event", refresh);
  document.addEventListener("picli:back", refresh);
  setInterval(tick, 1000);
  setInterval(() => Date.now() - lastRefresh > 300000 && refresh(), 30000);
  index();
})();
