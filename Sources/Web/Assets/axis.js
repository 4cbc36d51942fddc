"use strict";
// Axes: round numbers up the side, round local times along the bottom. The same rules as Chart/ValueAxis.swift and
// Time/TimeTicks.swift.
(() => {
  const { fixed, civil, fromCivil, months, minute, second, day } = picli.format;
  const DAY = 86400000;

  function scaleOf(magnitude, unit) {
    if (unit === "B" || unit === "B/s") {
      const suffix = unit === "B" ? "" : "/s";
      for (const [factor, name] of [[1e12, "TB"], [1e9, "GB"], [1e6, "MB"], [1e3, "kB"]]) {
        if (magnitude >= factor) return [factor, name + suffix];
      }
      return [1, unit];
    }
    if (unit === "s") {
      for (const [least, factor, name] of [[172800, 86400, "d"], [7200, 3600, "h"], [120, 60, "min"], [1, 1, "s"]]) {
        if (magnitude >= least) return [factor, name];
      }
      return [0.001, "ms"];
    }
    return [1, unit];
  }

  const leastSpan = { "°C": 1, "%": 1, hPa: 1, V: 0.2, A: 0.05, Hz: 0.2, "": 1 };

  function niceStep(least) {
    const power = 10 ** Math.floor(Math.log10(least) + 1e-9);
    return power * [1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9));
  }

  /** An axis a little wider than the values from `min` to `max`: {low, high, ticks, unit}. */
  function values(min, max, unit, count) {
    const [factor, name] = scaleOf(Math.max(Math.abs(min), Math.abs(max)), unit);
    let low = min / factor;
    let high = max / factor;
    if (low > 0 && low < 0.4 * high) low = 0;
    const least = Math.max(leastSpan[name] || 1e-6, 1e-3 * Math.max(Math.abs(low), Math.abs(high)));
    if (high - low < least) {
      const middle = (low + high) / 2;
      [low, high] = [middle - least / 2, middle + least / 2];
      if (min >= 0 && low < 0) [low, high] = [0, least];
    }
    const step = niceStep((high - low) / Math.max(1, count));
    const places = Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
    const first = Math.floor(low / step + 1e-9);
    const last = Math.ceil(high / step - 1e-9);
    const ticks = [];
    for (let index = first; index <= last; index++) {
      ticks.push({ value: index * step * factor, label: fixed(index * step, places) });
    }
    return { low: first * step * factor, high: last * step * factor, ticks, unit: name };
  }

  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200];

  /** At most about `count` ticks: [{time, label, major}]. */
  function times(from, to, count) {
    const span = to - from;
    const ticks = [];
    const add = (time, label, major) => time >= from && time < to && ticks.push({ time, label, major });
    const midnight = Math.floor(civil(from).getTime() / DAY) * DAY;
    const last = civil(to).getTime() + DAY;
    const step = steps.find((seconds) => span / seconds / 1000 <= count);
    if (step) {
      for (let local = midnight; local < last; local += DAY) {
        add(fromCivil(local), day(fromCivil(local)), true);
        // Only what is in view: a step of seconds has 86,400 places in a day.
        const start = Math.max(step, Math.floor((civil(from).getTime() - local) / 1000 / step) * step);
        for (let at = start; at < 86400 && local + at * 1000 < last - DAY + step * 1000; at += step) {
          const time = fromCivil(local + at * 1000);
          add(time, step < 60 ? second(time) : minute(time), false);
        }
      }
      return ticks;
    }
    const days = [1, 2, 7].find((length) => span / length / DAY <= count);
    if (days) {
      for (let local = midnight; local < last; local += DAY) {
        const number = local / DAY;
        // Weeks begin on Monday; 1970-01-05 was one.
        if ((((number - 4) % days) + days) % days === 0) {
          add(fromCivil(local), day(fromCivil(local)), new Date(local).getUTCDate() === 1);
        }
      }
      return ticks;
    }
    const length = [1, 2, 3, 6, 12, 24, 60].find((number) => span / (number * 2629746000) <= count) || 120;
    const first = civil(from).getUTCFullYear() * 12 + civil(from).getUTCMonth();
    for (let month = Math.floor(first / length) * length; ; month += length) {
      const time = fromCivil(Date.UTC(Math.floor(month / 12), month % 12, 1));
      if (time >= to) return ticks;
      const isYear = month % 12 === 0;
      add(time, isYear ? String(month / 12) : months[month % 12], isYear);
    }
  }

  picli.axis = { values, times };
})();
