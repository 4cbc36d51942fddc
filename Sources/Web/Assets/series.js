"use strict";
// What is made of a series before it is drawn. The same rules as Chart/Series+Shape.swift.
(() => {
  const { reason } = picli.format;

  /** A point of the API, `[time, min, mean, max, count]`, by name. */
  const TIME = 0, MIN = 1, MEAN = 2, MAX = 3, COUNT = 4;

  /** Points parted where there is nothing: each segment is drawn as one line. */
  function segments(series) {
    const { points, gaps, step } = series;
    const parts = [];
    let part = [];
    let gap = 0;
    for (const point of points) {
      const before = part[part.length - 1];
      if (before) {
        let isParted;
        if (step) {
          isParted = point[TIME] - before[TIME] > step * 1500;
        } else {
          while (gap < gaps.length && gaps[gap].to <= before[TIME]) gap++;
          isParted = gap < gaps.length && gaps[gap].from < point[TIME];
        }
        if (isParted) {
          parts.push(part);
          part = [];
        }
      }
      part.push(point);
    }
    if (part.length) parts.push(part);
    return parts;
  }

  /** A counter as its change per second; no rate is made up across a restart or a gap. */
  function rated(series) {
    const points = [];
    for (const part of segments(series)) {
      for (let index = 1; index < part.length; index++) {
        const seconds = (part[index][TIME] - part[index - 1][TIME]) / 1000;
        const rate = (part[index][MEAN] - part[index - 1][MEAN]) / seconds;
        if (seconds > 0 && rate >= 0) points.push([part[index][TIME], rate, rate, rate, part[index][COUNT]]);
      }
    }
    return { ...series, unit: series.unit + "/s", points };
  }

  /** {min, mean, max, last} of the points from `from` to `to`; null without any. */
  function summary(series, from, to) {
    let found = null;
    let sum = 0;
    let count = 0;
    for (const point of series.points) {
      if (point[TIME] + (series.step || 0) * 1000 < from || point[TIME] >= to) continue;
      found = found || { min: point[MIN], max: point[MAX] };
      found.min = Math.min(found.min, point[MIN]);
      found.max = Math.max(found.max, point[MAX]);
      found.last = point[MEAN];
      sum += point[MEAN] * point[COUNT];
      count += point[COUNT];
    }
    if (found) found.mean = count ? sum / count : found.last;
    return found;
  }

  /** Where a point stands on the time axis: the middle of its bucket. */
  const middle = (series, point) => point[TIME] + (series.step || 0) * 500;

  /** Index of the point nearest to `time`; -1 without points. */
  function nearest(series, time) {
    const { points } = series;
    let low = 0;
    let high = points.length - 1;
    if (high < 0) return -1;
    while (low < high) {
      const half = (low + high) >> 1;
      if (middle(series, points[half]) < time) low = half + 1;
      else high = half;
    }
    if (low > 0 && time - middle(series, points[low - 1]) < middle(series, points[low]) - time) return low - 1;
    return low;
  }

  /** What the series says at a time: {value, point} or {missing: "no data: …"}. `reach` is how far a point counts. */
  function at(series, time, reach) {
    const point = series.points[nearest(series, time)];
    const gap = series.gaps.find((gap) => gap.from <= time && time < gap.to);
    const distance = point ? Math.abs(middle(series, point) - time) : Infinity;
    if (gap && distance > (series.step || 0) * 500) return { missing: reason(gap.reason) };
    if (distance <= Math.max(reach, (series.step || 0) * 750)) return { value: point[MEAN], point };
    return { missing: gap ? reason(gap.reason) : "nothing recorded" };
  }

  const lengths = [2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000];

  /** The series in so few points that each has two pixels: least, mean and greatest of what falls into one. */
  function thinned(series, from, to, width) {
    const { points, step } = series;
    const inView = points.filter((point) => point[TIME] >= from && point[TIME] < to).length;
    if (inView <= width / 2) return series;
    const seconds = lengths.find((length) => (to - from) / length / 1000 <= width / 2 && (!step || length % step === 0));
    if (!seconds || seconds <= (step || 0)) return series;
    const wide = [];
    for (const point of points) {
      const time = Math.floor(point[TIME] / (seconds * 1000)) * seconds * 1000;
      const last = wide[wide.length - 1];
      if (last && last[TIME] === time) {
        const count = last[COUNT] + point[COUNT];
        last[MEAN] = (last[MEAN] * last[COUNT] + point[MEAN] * point[COUNT]) / (count || 1);
        last[MIN] = Math.min(last[MIN], point[MIN]);
        last[MAX] = Math.max(last[MAX], point[MAX]);
        last[COUNT] = count;
      } else {
        wide.push([time, point[MIN], point[MEAN], point[MAX], point[COUNT]]);
      }
    }
    return { ...series, points: wide, step: seconds };
  }

  picli.series = { segments, rated, summary, thinned, middle, nearest, at };
})();
