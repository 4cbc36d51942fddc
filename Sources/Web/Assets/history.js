"use strict";
// The History page: which metrics over which range, kept in the address; asks the API and lets `chart.js` draw.
(() => {
  const { format, picker } = picli;
  const { full, utc, text, words, reason, second, day } = format;
  const root = document.getElementById("chart");
  if (!root) {
    // Nothing was chosen, or nothing could be read: a choice loads the page anew.
    picker.onchange = (names) => {
      const query = new URLSearchParams(names.map((name) => ["metric", name]));
      location.search = query;
    };
    return;
  }
  const when = document.getElementById("when");
  const notes = document.getElementById("notes");
  const ranges = [...document.querySelectorAll("[data-range]")];
  const spans = new Map(ranges.map((link) => [link.dataset.range, Number(link.dataset.span)]));
  const LEAST = 10000;
  const MOST = 20 * 366 * 86400000;

  let state = parse(location.search);
  let data = { series: [], events: [] };
  let request = null;
  let timer = null;

  function parse(address) {
    const query = new URLSearchParams(address);
    const names = [...new Set(query.getAll("metric"))].filter(Boolean);
    const [from, to] = [Number(query.get("from")), Number(query.get("to"))];
    const isFixed = query.has("from") && query.has("to") && to - from >= LEAST && to - from <= MOST;
    const range = spans.has(query.get("range")) ? query.get("range") : "24h";
    return { metrics: names.length ? names : picker.chosen, range: isFixed ? null : range, from, to };
  }

  function bounds() {
    if (state.range === null) return [state.from, state.to];
    const now = Math.round(picli.now());
    return [now - spans.get(state.range), now];
  }

  function address(extra = {}) {
    const query = new URLSearchParams(state.metrics.map((name) => ["metric", name]));
    if (state.range !== null) query.append("range", state.range);
    else query.append("from", Math.round(state.from)), query.append("to", Math.round(state.to));
    for (const [name, value] of Object.entries(extra)) query.append(name, value);
    return "?" + query.toString().replaceAll("%2F", "/").replaceAll("%40", "@");
  }

  /** Takes a change over: draws what is known at once, keeps it in the address, asks for the rest. */
  function change(next, isStep = true) {
    state = { ...state, ...next };
    history[isStep ? "pushState" : "replaceState"](null, "", address());
    head();
    if (chart.model) chart.show({ ...chart.model, from: bounds()[0], to: bounds()[1] });
    clearTimeout(timer);
    timer = setTimeout(load, isStep ? 0 : 150);
  }

  function zoom(from, to) {
    let [start, end] = [from, to];
    const limit = picli.now() + 86400000;
    if (end - start < LEAST) [start, end] = [(start + end - LEAST) / 2, (start + end + LEAST) / 2];
    if (end - start > MOST) start = end - MOST;
    if (end > limit) [start, end] = [start - (end - limit), limit];
    // A wheel or two fingers make many small steps: they are one step of the browser's history.
    const isStep = Date.now() - lastZoom > 1000;
    lastZoom = Date.now();
    change({ range: null, from: Math.round(start), to: Math.round(end) }, isStep);
  }
  let lastZoom = 0;

  const chart = new picli.Chart(root, {
    zoom,
    reset: () => change({ range: lastRange }),
    hover: told,
    // Read out what a key moved to; a mouse would never let a reader finish.
    key: (isKey) => when.setAttribute("aria-live", isKey ? "polite" : "off"),
  });
  let lastRange = state.range || "24h";

  function head() {
    lastRange = state.range || lastRange;
    for (const link of ranges) {
      if (link.dataset.range === state.range) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    document.getElementById("csv").href = "/history.csv" + address();
    const table = document.getElementById("table");
    if (table) table.href = address({ view: "table" });
    told(chart.cursor, []);
  }

  function time(at, shown) {
    const element = document.createElement("time");
    element.dateTime = new Date(at).toISOString();
    element.title = utc(at);
    element.textContent = shown;
    return element;
  }

  /** The line over the chart: the range, or the time and the events under the crosshair. */
  function told(cursor, events) {
    if (cursor === null) {
      const [from, to] = bounds();
      return when.replaceChildren(time(from, full(from)), " to ", time(to, full(to)));
    }
    const bold = document.createElement("b");
    bold.append(time(cursor, full(cursor)));
    const inUTC = document.createElement("span");
    inUTC.className = "utc";
    inUTC.textContent = ` (${utc(cursor)})`;
    when.replaceChildren(bold, inUTC);
    const step = Math.max(0, ...data.series.map((series) => series.step || 0));
    if (step) when.append(`, means of ${words(step)}`);
    for (const event of events.slice(0, 2)) when.append(` · ${event.subject}: ${event.message}`);
  }

  async function get(path, signal) {
    const answer = await fetch(path, { signal, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`the unit answered ${answer.status}`);
    return answer.json();
  }

  async function load() {
    request?.abort();
    const own = (request = new AbortController());
    const [from, to] = bounds();
    const busy = setTimeout(() => root.classList.add("busy"), 200);
    try {
      const query = new URLSearchParams(state.metrics.map((name) => ["metric", name]));
      const range = { from: Math.floor(from), to: Math.ceil(to) };
      for (const [name, value] of Object.entries({ ...range, step: "auto", points: Math.round(Math.min(1200, Math.max(120, chart.width / 1.5))) })) {
        query.append(name, value);
      }
      const series = state.metrics.length ? await all("/api/v1/series?" + query, own.signal) : [];
      const { events } = await get("/api/v1/events?" + new URLSearchParams(range), own.signal);
      data = { series: series.map(prepared), events: events.map(marked) };
      chart.show({ from, to, ...data });
      figures(from, to);
      list(data.events);
      say(null);
    } catch (error) {
      if (error.name === "AbortError") return;
      say(`The values of this range could not be read (${error.message}). The chart shows what was read before; it asks again by itself.`);
    } finally {
      clearTimeout(busy);
      if (own === request) {
        root.classList.remove("busy");
        clearTimeout(timer);
        // A range that ends now moves on, about a pixel at a time.
        if (state.range !== null || root.dataset.failed) timer = setTimeout(load, Math.min(300000, Math.max(10000, (to - from) / 600)));
      }
    }
  }

  /** A series answer page by page. */
  async function all(path, signal) {
    const found = new Map();
    let cursor = null;
    for (let page = 0; page < 20; page++) {
      const answer = await get(path + (cursor ? "&cursor=" + encodeURIComponent(cursor) : ""), signal);
      for (const series of answer.series) {
        const name = series.metric + (series.simulated ? "~" : "");
        const before = found.get(name);
        if (!before) found.set(name, series);
        else found.set(name, { ...before, points: before.points.concat(series.points), gaps: before.gaps.concat(series.gaps) });
      }
      cursor = answer.next;
      if (!cursor) break;
    }
    return [...found.values()];
  }

  function prepared(series) {
    const { label, kind, choice } = picker.known(series.metric);
    const isRate = kind === "counter";
    return { ...(isRate ? picli.series.rated(series) : series), label, choice, isRate };
  }

  const levels = { critical: "failed", error: "failed", warning: "attention" };
  const marked = (event) => ({ ...event, at: Date.parse(event.time), level: levels[event.severity] || "ok" });

  function say(sentence) {
    root.dataset.failed = sentence ? "1" : "";
    notes.querySelector(".asked")?.remove();
    if (!sentence) return;
    const note = document.createElement("p");
    note.className = "note asked";
    note.setAttribute("role", "alert");
    note.textContent = sentence;
    notes.append(note);
  }

  function row(cells, isHead) {
    const line = document.createElement("tr");
    cells.forEach((cell, index) => {
      const element = document.createElement(isHead && index === 0 ? "th" : "td");
      if (isHead && index === 0) element.scope = "row";
      element.append(cell);
      line.append(element);
    });
    return line;
  }

  function figures(from, to) {
    const sentences = [];
    const rows = data.series.map((series) => {
      const sum = picli.series.summary(series, from, to);
      const show = (value) => text(value, series.unit, series.choice);
      const cells = sum ? [sum.min, sum.mean, sum.max, sum.last].map(show) : ["no values", "", "", ""];
      sentences.push(`${series.label}: ` + (sum ? `${cells[0]} to ${cells[2]}, mean ${cells[1]}.` : "no values."));
      return row([titled(series), ...cells, missing(series.gaps, from, to)], true);
    });
    document.querySelector("#figures tbody").replaceChildren(...rows);
    root.setAttribute("aria-label", sentences.join(" "));
  }

  /** What a series is called, that it is made up where it is, and what its least and greatest values are of. */
  function titled(series) {
    const title = document.createDocumentFragment();
    // A step of a counter tells one rate, its mean.
    title.append(series.label, series.isRate && series.step ? ", means of " + words(series.step) : "");
    if (series.simulated) {
      const tag = document.createElement("span");
      tag.className = "tag";
      tag.textContent = "simulated";
      title.append(" ", tag);
    }
    return title;
  }

  function missing(gaps, from, to) {
    const inside = gaps
      .map((gap) => ({ gap, length: Math.min(gap.to, to) - Math.max(gap.from, from) }))
      .filter(({ length }) => length > 0);
    if (!inside.length) return "none";
    const total = inside.reduce((sum, { length }) => sum + length, 0);
    const lengths = new Map();
    for (const { gap, length } of inside) {
      const name = reason(gap.reason).replace("no data: ", "");
      lengths.set(name, (lengths.get(name) || 0) + length);
    }
    const reasons = [...lengths].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .map(([name, length]) => (lengths.size === 1 ? name : `${name} ${words(Math.round(length / 1000))}`));
    return `${words(Math.round(total / 1000))} (${reasons.join(", ")})`;
  }

  function list(events) {
    const place = document.getElementById("events");
    if (!events.length) return place.replaceChildren("None.");
    const table = document.createElement("table");
    table.className = "events";
    const today = day(picli.now());
    table.append(...events.slice(0, 50).map((event) => {
      const button = document.createElement("a");
      button.href = "#chart";
      button.append(time(event.at, (day(event.at) === today ? "" : day(event.at) + " ") + second(event.at)));
      button.addEventListener("click", (click) => {
        click.preventDefault();
        chart.point(event.at);
        root.scrollIntoView({ block: "nearest" });
      });
      const line = row([button, event.severity, event.subject, event.message]);
      line.className = event.level;
      line.children[1].className = "severity";
      return line;
    }));
    place.replaceChildren(table);
  }

  function tools() {
    const bar = document.createElement("div");
    bar.className = "tools";
    const actions = [
      ["←", "Move earlier", () => chart.pan(-0.5)], ["→", "Move later", () => chart.pan(0.5)],
      ["+", "Zoom in", () => chart.zoom(0.5)], ["−", "Zoom out", () => chart.zoom(2)],
      ["Reset", "Back to the range chosen", () => change({ range: lastRange })],
    ];
    for (const [sign, name, act] of actions) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = sign;
      button.title = name;
      button.setAttribute("aria-label", sign === "Reset" ? sign : name);
      button.addEventListener("click", act);
      bar.append(button);
    }
    document.querySelector(".bar").append(bar);
    const hint = document.getElementById("hint");
    hint.hidden = false;
    hint.textContent = "Drag to zoom, Shift-drag to move, double-click to reset. "
      + "Keys: arrows move the crosshair, + and \u2212 zoom, Page Up and Page Down move, 0 resets.";
    root.setAttribute("aria-describedby", "hint");
  }

  for (const link of ranges) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      change({ range: link.dataset.range });
    });
  }
  // Lines keep their colours: what was chosen first stays first.
  picker.onchange = (names) => change({
    metrics: [...state.metrics.filter((name) => names.includes(name)), ...names.filter((name) => !state.metrics.includes(name))],
  });
  addEventListener("popstate", () => {
    state = parse(location.search);
    picker.chosen = state.metrics;
    head();
    load();
  });
  document.addEventListener("picli:back", load);
  document.addEventListener("picli:event", () => state.range !== null && load());
  tools();
  head();
  load();
})();
