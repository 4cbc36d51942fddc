"use strict";
// Numbers and times as the pages write them. Says the same as Format/*.swift and Time/LocalTime.swift on the unit.
window.picli = window.picli || {};
(() => {
  const NBSP = "\u00a0";

  function fixed(value, places) {
    const scale = 10 ** places;
    const scaled = Math.round(Math.abs(value) * scale);
    if (scaled >= 9e15) return String(value);
    let digits = String(scaled);
    if (places > 0) {
      digits = digits.padStart(places + 1, "0");
      digits = digits.slice(0, -places) + "." + digits.slice(-places);
    }
    return (value < 0 && scaled > 0 ? "\u2212" : "") + digits;
  }

  function significant(value, digits) {
    for (let places = digits - 1; places > 0; places--) {
      if (Math.round(Math.abs(value) * 10 ** places) < 10 ** digits) return fixed(value, places);
    }
    return fixed(value, 0);
  }

  function words(seconds) {
    const units = [["y", 31536000], ["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
    const index = units.findIndex(([, length]) => seconds >= length);
    if (index < 0) return "0" + NBSP + "s";
    const [name, length] = units[index];
    const head = Math.floor(seconds / length) + NBSP + name;
    if (index + 1 === units.length) return head;
    const rest = Math.floor((seconds % length) / units[index + 1][1]);
    return rest === 0 ? head : head + NBSP + rest + NBSP + units[index + 1][0];
  }

  function age(milliseconds) {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    if (seconds < 60) return seconds + NBSP + "s";
    if (seconds < 3600) return Math.floor(seconds / 60) + NBSP + "min";
    if (seconds < 172800) return Math.floor(seconds / 3600) + NBSP + "h";
    return Math.floor(seconds / 86400) + NBSP + "d";
  }

  function bytes(value, suffix) {
    const prefixes = ["B", "kB", "MB", "GB", "TB", "PB"];
    let index = 0;
    while (Math.abs(value) >= 999.5 && index < prefixes.length - 1) {
      value /= 1000;
      index++;
    }
    return [index === 0 ? fixed(value, 0) : significant(value, 3), prefixes[index] + suffix];
  }

  function duration(seconds) {
    const magnitude = Math.abs(seconds);
    if (magnitude < 0.9995) return [significant(seconds * 1000, magnitude < 0.00995 ? 2 : 3), "ms"];
    if (magnitude < 59.95) return [fixed(seconds, 1), "s"];
    return [(seconds < 0 ? "\u2212" : "") + words(Math.round(magnitude)), ""];
  }

  /** A value as [number, unit]. `choice` is the pair of words of a quantity that is only 0 or 1. */
  function figure(value, unit, choice) {
    if (choice) return [value >= 0.5 ? choice[1] : choice[0], ""];
    const magnitude = Math.abs(value);
    switch (unit) {
      case "°C":
      case "hPa": return [fixed(value, 1), unit];
      case "%": return [fixed(value, magnitude < 9.95 ? 1 : 0), unit];
      case "V":
      case "Hz": return [fixed(value, magnitude < 99.995 ? 2 : 1), unit];
      case "A": return [fixed(value, magnitude < 0.9995 ? 3 : 2), unit];
      case "W":
      case "VA": return magnitude >= 999.5 ? [significant(value / 1000, 3), "k" + unit] : [significant(value, 3), unit];
      case "B": return bytes(value, "");
      case "B/s": return bytes(value, "/s");
      case "s": return duration(value);
      case "": return [Number.isInteger(value) ? fixed(value, 0) : significant(value, 3), ""];
      default: return [significant(value, 3), unit];
    }
  }

  function text(value, unit, choice) {
    const [number, name] = figure(value, unit, choice);
    return name ? number + NBSP + name : number;
  }

  /** From the least to the greatest value; both units when they differ. */
  function range(low, high, unit) {
    const [number, name] = figure(low, unit);
    return (name === figure(high, unit)[1] ? number : text(low, unit)) + " to " + text(high, unit);
  }

  // The site's zone: its changes of the years around now, given by the page as `ms,seconds,name;…`.
  const changes = (document.body?.dataset.offsets || "").split(";").filter(Boolean).map((entry) => {
    const [time, seconds, name] = entry.split(",");
    return { time: Number(time), offset: Number(seconds) * 1000, name };
  });

  function zone(time) {
    let found = changes[0] || { offset: 0, name: "UTC" };
    for (const change of changes) if (change.time <= time) found = change;
    return found;
  }

  /** A date whose UTC fields are the site's local time. */
  const civil = (time) => new Date(time + zone(time).offset);

  /** Wall milliseconds of local milliseconds. */
  function fromCivil(local) {
    const guess = local - zone(local).offset;
    return local - zone(guess).offset;
  }

  const two = (number) => String(number).padStart(2, "0");
  const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const minute = (time) => two(civil(time).getUTCHours()) + ":" + two(civil(time).getUTCMinutes());
  const second = (time) => minute(time) + ":" + two(civil(time).getUTCSeconds());
  const day = (time) => civil(time).getUTCDate() + NBSP + months[civil(time).getUTCMonth()];
  const full = (time) =>
    `${weekdays[civil(time).getUTCDay()]}${NBSP}${day(time)} ${civil(time).getUTCFullYear()}, ${second(time)}${NBSP}${zone(time).name}`;
  const utc = (time) => new Date(time).toISOString().slice(0, 19).replace("T", " ") + " UTC";

  const reasons = {
    notPresent: "sensor not present",
    timeout: "no answer in time",
    badChecksum: "wrong checksum",
    outOfRange: "value out of range",
    busError: "the bus failed",
    disabled: "switched off in the site file",
  };
  const reason = (name) => (name ? "no data: " + (reasons[name] || name) : "nothing recorded");

  picli.format = {
    NBSP, fixed, significant, words, age, figure, text, range, civil, fromCivil, zone, months, minute, second, day, full, utc, reason,
  };
})();
