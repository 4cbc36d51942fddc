"use strict";
// Puts new lines at the top of the Logs page; away from the top they wait, so that nothing moves under the reader.
(() => {
  const { second, full, NBSP } = picli.format;
  const table = document.getElementById("lines");
  if (!table?.dataset.live) return;
  const body = table.tBodies[0];
  const notice = document.getElementById("new");
  const button = notice.querySelector("button");
  const most = 1000;
  const names = new Map(table.dataset.names.split(";").map((pair) => {
    const at = pair.lastIndexOf("=");
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
  let address = table.dataset.live;
  let source = null;
  let waiting = [];

  const levels = { emergency: "failed", alert: "failed", critical: "failed", error: "failed", warning: "attention" };

  function cell(text, type) {
    const element = document.createElement("td");
    if (type) element.className = type;
    const inner = document.createElement("bdi");
    inner.textContent = text;
    element.append(inner);
    return element;
  }

  function tag(text) {
    const element = document.createElement("span");
    element.className = "tag";
    element.textContent = text;
    return element;
  }

  function row(line) {
    const element = document.createElement("tr");
    element.className = levels[line.severity] || "ok";
    const time = Date.parse(line.time);
    const link = document.createElement("a");
    link.href = `/history?from=${time - 1800000}&to=${time + 1800000}`;
    link.setAttribute("aria-label", "History around this time");
    const stamp = document.createElement("time");
    stamp.dateTime = line.time;
    stamp.title = line.time.replace("T", " ").replace(/\.\d+Z|Z/, " UTC");
    stamp.textContent = second(time);
    link.append(stamp);
    const first = document.createElement("td");
    first.append(link);
    if (line.clockTrusted === false) first.append(" ", tag("clock not set"));
    const text = cell(line.text, "line");
    // The sender's clock is wrong, or the line was held back.
    const claimed = line.claimed ? Date.parse(line.claimed) : time;
    if (Math.abs(claimed - time) > 60000) text.append(" ", tag("it says " + full(claimed)));
    element.append(
      first, cell(line.severity, "severity"), cell(names.get(line.source) || line.source), cell(line.program || ""), text);
    return element;
  }

  function show() {
    if (!waiting.length) return;
    document.getElementById("empty")?.remove();
    body.prepend(...waiting.reverse().map(row));
    waiting = [];
    while (body.rows.length > most) body.lastElementChild.remove();
    notice.hidden = true;
  }

  function take(lines) {
    waiting = waiting.concat(lines).slice(-most);
    if (window.scrollY < 40) return schedule();
    button.textContent = waiting.length + NBSP + (waiting.length === 1 ? "new line" : "new lines");
    notice.hidden = false;
  }

  // A flood is drawn a few times a second, not once a line.
  let timer = null;
  function schedule() {
    timer ??= setTimeout(() => {
      timer = null;
      show();
    }, 200);
  }

  function connect() {
    if (source || document.hidden) return;
    source = new EventSource(address);
    source.addEventListener("lines", (message) => {
      // Whoever connects again goes on behind the newest line.
      address = address.replace(/after=\d+/, "after=" + message.lastEventId);
      take(JSON.parse(message.data).lines);
    });
    source.onerror = () => {
      source?.close();
      source = null;
      setTimeout(connect, 5000);
    };
  }

  button.addEventListener("click", () => {
    window.scrollTo(0, 0);
    show();
  });
  window.addEventListener("scroll", () => window.scrollY < 40 && show(), { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return connect();
    source?.close();
    source = null;
  });
  connect();
})();
