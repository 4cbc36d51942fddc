"use strict";
// The connection to the unit: one event stream, told to the page as DOM events, and honest about its loss.
(() => {
  const { age, second, zone, NBSP } = picli.format;
  const line = document.querySelector(".live");
  const word = document.getElementById("live");
  const clock = document.getElementById("clock");

  // The unit's clock, not the browser's, says how old a value is.
  let skew = Number(document.body.dataset.now) - Date.now();
  picli.now = () => Date.now() + skew;

  let source = null;
  let lastHeard = Date.now();
  let lostAt = null;
  let attempt = 0;
  let timer = null;
  const silence = 35000;

  function tell(type, detail) {
    document.dispatchEvent(new CustomEvent("picli:" + type, { detail }));
  }

  function heard() {
    lastHeard = Date.now();
    attempt = 0;
    if (lostAt === null && line.classList.contains("connected")) return;
    const wasLost = lostAt !== null;
    lostAt = null;
    document.body.classList.remove("lost");
    line.classList.remove("lost");
    line.classList.add("connected");
    word.textContent = "live";
    if (wasLost) tell("back");
  }

  function lost() {
    source?.close();
    source = null;
    if (lostAt === null) {
      lostAt = lastHeard;
      document.body.classList.add("lost");
      line.classList.remove("connected");
      line.classList.add("lost");
      word.textContent = "connection lost";
    }
    // 1, 2, 4 … 30 s, spread so that many pages do not come back in the same moment.
    const wait = Math.min(30000, 1000 * 2 ** attempt++) * (0.75 + Math.random() / 2);
    clearTimeout(timer);
    timer = setTimeout(connect, wait);
    tick();
  }

  function connect() {
    clearTimeout(timer);
    if (source || document.hidden) return;
    const stream = new EventSource("/api/v1/live");
    source = stream;
    lastHeard = Math.max(lastHeard, lostAt === null ? Date.now() : lastHeard);
    const opening = setTimeout(() => stream === source && stream.readyState !== 1 && lost(), 15000);
    stream.onopen = () => {
      clearTimeout(opening);
      heard();
    };
    stream.onerror = () => {
      clearTimeout(opening);
      if (stream === source) lost();
    };
    stream.addEventListener("readings", (message) => {
      heard();
      const { readings } = JSON.parse(message.data);
      const newest = Math.max(...readings.map((reading) => Date.parse(reading.time)));
      // A reading cannot be from the future: then the browser's idea of the unit's clock is behind.
      if (newest > picli.now()) skew = newest - Date.now();
      tell("readings", readings);
    });
    stream.addEventListener("relays", (message) => {
      heard();
      tell("relays", JSON.parse(message.data));
    });
    stream.addEventListener("event", (message) => {
      heard();
      tell("event", JSON.parse(message.data));
    });
  }

  function tick() {
    if (lostAt !== null) {
      clock.textContent = age(Date.now() - lostAt) + " ago";
    } else if (source) {
      const now = picli.now();
      clock.textContent = second(now) + NBSP + zone(now).name;
      if (Date.now() - lastHeard > silence) lost();
    }
  }

  // A page in the background costs the site's cellular link nothing.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      timer = setTimeout(() => {
        source?.close();
        source = null;
      }, 60000);
    } else if (!source) {
      attempt = 0;
      lastHeard = Date.now();
      connect();
      tell("back");
    } else {
      clearTimeout(timer);
    }
  });

  setInterval(tick, 1000);
  connect();
})();
