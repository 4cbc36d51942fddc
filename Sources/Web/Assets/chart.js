"use strict";
// The chart of the History page: a canvas for each unit over one time axis, a crosshair and a brush over all of them.
// It draws and listens; what to show, and what a zoom means for the address, is `history.js`'s business.
(() => {
  const { text, figure } = picli.format;
  const { segments, summary, thinned, middle, nearest, at } = picli.series;
  const LEFT = 56, RIGHT = 12, TOP = 8, BOTTOM = 8;

  class Chart {
    /** `on.zoom(from, to)`, `on.hover(time or null, events)`. */
    constructor(root, on) {
      this.root = root;
      this.on = on;
      this.cursor = null;
      this.model = null;
      root.replaceChildren();
      root.classList.add("live");
      root.tabIndex = 0;
      root.setAttribute("role", "group");
      root.setAttribute("aria-roledescription", "chart");
      this.panels = [];
      this.times = this.add("canvas", "times");
      this.cross = this.add("div", "cross");
      this.brush = this.add("div", "brush");
      this.cross.hidden = this.brush.hidden = true;
      new ResizeObserver(() => this.draw()).observe(root);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
      picli.gestures(this);
    }

    add(tag, name, parent = this.root, before = null) {
      const element = document.createElement(tag);
      element.className = name;
      parent.insertBefore(element, before);
      return element;
    }

    /** Shows `{from, to, series, events}`; each series has a label, an index, a unit and perhaps a choice of words. */
    show(model) {
      const shape = JSON.stringify(model.series.map((series) => [series.label, series.unit, series.simulated]));
      this.model = model;
      if (shape !== this.shape) {
        this.shape = shape;
        this.build();
      }
      this.draw();
      this.read();
    }

    build() {
      for (const panel of this.panels) panel.section.remove();
      this.panels = [];
      this.model.series.forEach((series, index) => {
        // States of 0 and 1 have a low panel of their own, apart from other numbers without a unit.
        const kind = series.choice ? series.choice.join() : "";
        let panel = this.panels.find((panel) => panel.unit === series.unit && panel.kind === kind);
        if (!panel) {
          const section = this.add("section", kind ? "panel words" : "panel", this.root, this.times);
          const legend = this.add("div", "legend", section);
          panel = {
            unit: series.unit, kind, section, legend, name: this.add("span", "unit", legend), canvas: this.add("canvas", "", section),
            lines: [],
          };
          this.panels.push(panel);
        }
        const key = this.add("span", `key s${index % 6}${index >= 6 ? " dashed" : ""}`, panel.legend);
        key.append(series.label);
        if (series.simulated) {
          key.append(" ");
          this.add("span", "tag", key).textContent = "simulated";
        }
        const line = { index, key, value: this.add("span", "value", key) };
        key.addEventListener("pointerenter", () => this.highlight(line.index));
        key.addEventListener("pointerleave", () => this.highlight(null));
        panel.lines.push(line);
      });
    }

    highlight(index) {
      this.lit = index;
      for (const panel of this.panels) {
        for (const line of panel.lines) line.key.classList.toggle("dim", index !== null && line.index !== index);
      }
      this.draw();
    }

    get width() { return Math.max(1, this.root.clientWidth - LEFT - RIGHT); }
    x(time) { return LEFT + ((time - this.model.from) / (this.model.to - this.model.from)) * this.width; }
    time(x) { return this.model.from + ((x - LEFT) / this.width) * (this.model.to - this.model.from); }

    draw() {
      if (!this.model || !this.root.clientWidth) return;
      const style = getComputedStyle(document.documentElement);
      this.color = (name) => style.getPropertyValue("--" + name).trim();
      this.font = getComputedStyle(document.body).fontFamily;
      this.ticks = picli.axis.times(this.model.from, this.model.to, Math.max(2, this.width / 64));
      for (const panel of this.panels) this.drawPanel(panel);
      this.drawTimes();
      this.place();
    }

    /** A canvas sized in device pixels, drawn on in CSS pixels. */
    context(canvas) {
      const ratio = devicePixelRatio || 1;
      const { clientWidth: width, clientHeight: height } = canvas;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const context = canvas.getContext("2d");
      context.scale(ratio, ratio);
      context.font = `12px ${this.font}`;
      return { context, width, height };
    }

    drawPanel(panel) {
      const { context, width, height } = this.context(panel.canvas);
      const { from, to } = this.model;
      const own = panel.lines.map((line) => this.model.series[line.index]);
      const sums = own.map((series) => summary(series, from, to)).filter(Boolean);
      const isWord = own.every((series) => series.choice);
      const axis = sums.length
        ? picli.axis.values(isWord ? 0 : Math.min(...sums.map((s) => s.min)), isWord ? 1 : Math.max(...sums.map((s) => s.max)), panel.unit, isWord ? 1 : 4)
        : picli.axis.values(0, 1, panel.unit, 1);
      const y = (value) => TOP + (1 - (value - axis.low) / (axis.high - axis.low)) * (height - TOP - BOTTOM);
      panel.name.textContent = axis.unit;
      this.grid(context, axis, y, width, height, isWord && own[0].choice);
      context.save();
      context.beginPath();
      context.rect(LEFT, 0, width - LEFT - RIGHT, height);
      context.clip();
      panel.lines.forEach((line, lane) => {
        const alone = panel.lines.length === 1;
        const series = this.model.series[line.index];
        // Alone, a gap takes the whole height; beside others, a lane at the foot in the series' colour.
        const box = alone ? [TOP, height - BOTTOM] : [height - 8 * (lane + 1), height - 8 * lane - 2];
        this.hatch(context, series.gaps, box, alone ? this.color("hatch") : this.color("s" + (line.index % 6)));
      });
      for (const line of panel.lines) this.line(context, this.model.series[line.index], line.index, y);
      this.marks(context, height);
      context.restore();
    }

    grid(context, axis, y, width, height, words) {
      context.lineWidth = 1;
      context.textAlign = "right";
      context.textBaseline = "middle";
      for (const tick of this.ticks) {
        context.strokeStyle = this.color(tick.major ? "line" : "grid");
        const place = Math.round(this.x(tick.time)) + 0.5;
        context.beginPath();
        context.moveTo(place, 0);
        context.lineTo(place, height);
        context.stroke();
      }
      context.strokeStyle = this.color("grid");
      context.fillStyle = this.color("muted");
      for (const tick of axis.ticks) {
        const place = Math.round(y(tick.value)) + 0.5;
        context.beginPath();
        context.moveTo(LEFT, place);
        context.lineTo(width - RIGHT, place);
        context.stroke();
        const label = words ? { 0: words[0], 1: words[1] }[tick.value] || "" : tick.label;
        context.fillText(label, LEFT - 8, place);
      }
    }

    line(context, whole, index, y) {
      const series = thinned(whole, this.model.from, this.model.to, this.width);
      const color = this.color("s" + (index % 6));
      const dim = this.lit !== null && this.lit !== undefined && this.lit !== index;
      context.strokeStyle = context.fillStyle = color;
      context.lineJoin = context.lineCap = "round";
      context.setLineDash(index >= 6 ? [5, 3] : []);
      for (const part of segments(series)) {
        const places = part.map((point) => this.x(middle(series, point)));
        if (part.some((point) => point[3] > point[1])) {
          context.globalAlpha = dim ? 0.06 : 0.2;
          context.beginPath();
          part.forEach((point, i) => context.lineTo(places[i], y(point[3])));
          for (let i = part.length - 1; i >= 0; i--) context.lineTo(places[i], y(part[i][1]));
          context.fill();
        }
        context.globalAlpha = dim ? 0.3 : 1;
        context.lineWidth = this.lit === index ? 2.5 : 1.5;
        context.beginPath();
        if (part.length === 1) context.arc(places[0], y(part[0][2]), 1, 0, 7);
        else part.forEach((point, i) => context.lineTo(places[i], y(point[2])));
        context.stroke();
      }
      context.globalAlpha = 1;
      context.setLineDash([]);
    }

    hatch(context, gaps, [top, bottom], color) {
      context.strokeStyle = color;
      context.lineWidth = 1;
      for (const gap of gaps) {
        const left = this.x(Math.max(gap.from, this.model.from));
        const right = Math.max(left + 1, this.x(Math.min(gap.to, this.model.to)));
        if (gap.to <= this.model.from || gap.from >= this.model.to) continue;
        context.beginPath();
        if (right - left < 3) {
          // Too narrow to be read as a stretch: a short mark at the foot, or many of them would hide the line.
          context.moveTo(left + 0.5, bottom);
          context.lineTo(left + 0.5, Math.max(top, bottom - 5));
          context.stroke();
          continue;
        }
        context.save();
        context.rect(left, top, right - left, bottom - top);
        context.clip();
        context.beginPath();
        const height = bottom - top;
        // Anchored to the canvas, so that neighbouring gaps share one pattern.
        for (let place = Math.floor((left - height) / 7) * 7; place < right; place += 7) {
          context.moveTo(place, bottom);
          context.lineTo(place + height, top);
        }
        context.stroke();
        context.restore();
      }
    }

    marks(context, height) {
      context.lineWidth = 1.5;
      context.setLineDash([3, 3]);
      for (const event of this.model.events) {
        context.strokeStyle = context.fillStyle = this.color(event.level === "ok" ? "muted" : event.level);
        const place = Math.round(this.x(event.at)) + 0.5;
        context.beginPath();
        context.moveTo(place, 0);
        context.lineTo(place, height);
        context.stroke();
        context.beginPath();
        context.moveTo(place - 4, 0);
        context.lineTo(place + 4, 0);
        context.lineTo(place, 6);
        context.fill();
      }
      context.setLineDash([]);
    }

    drawTimes() {
      const { context, width } = this.context(this.times);
      context.textAlign = "center";
      context.textBaseline = "middle";
      let end = -Infinity;
      for (const major of [true, false]) {
        context.font = `${major ? "600 " : ""}12px ${this.font}`;
        context.fillStyle = this.color(major ? "text" : "muted");
        for (const tick of this.ticks) {
          if (tick.major !== major) continue;
          const half = context.measureText(tick.label).width / 2;
          const place = Math.min(Math.max(this.x(tick.time), half + 2), width - half - 2);
          // A day's name comes before the hours beside it.
          const hits = !major && this.ticks.some((other) => other.major && Math.abs(this.x(other.time) - place) < half + 28);
          if (hits || (!major && place - half < end + 6)) continue;
          context.fillText(tick.label, place, 12);
          if (!major) end = place + half;
        }
      }
    }

    /** Puts the crosshair where the cursor is. */
    place() {
      const isShown = this.cursor !== null && this.cursor >= this.model.from && this.cursor <= this.model.to;
      this.cross.hidden = !isShown;
      if (isShown) this.cross.style.transform = `translateX(${Math.round(this.x(this.cursor))}px)`;
    }

    /** Moves the crosshair, and writes the values there into the legend; null takes it away. */
    point(time) {
      this.cursor = time;
      this.place();
      this.read();
      const reach = time === null ? 0 : (6 / this.width) * (this.model.to - this.model.from);
      this.on.hover(time, time === null ? [] : this.model.events.filter((event) => Math.abs(event.at - time) <= reach));
    }

    read() {
      const { from, to, series } = this.model;
      const reach = Math.max(30000, (8 / this.width) * (to - from));
      for (const panel of this.panels) {
        for (const { index, value } of panel.lines) {
          const own = series[index];
          const last = this.cursor === null ? summary(own, from, to) : null;
          const here = this.cursor === null ? { value: last?.last, missing: "no values" } : at(own, this.cursor, reach);
          const isValue = here.value !== undefined && here.value !== null;
          value.classList.toggle("none", !isValue);
          value.textContent = isValue ? this.words(own, here) : here.missing;
        }
      }
    }

    words(series, { value, point }) {
      const mean = text(value, series.unit, series.choice);
      if (!point || point[3] === point[1] || series.choice) return mean;
      const [[low, unit], [high, other]] = [figure(point[1], series.unit), figure(point[3], series.unit)];
      return low === high ? mean : `${mean} (${unit === other ? low : text(point[1], series.unit)} to ${high})`;
    }

    /** Moves the crosshair by so many points of the finest series in view. */
    step(count) {
      const { series, from, to } = this.model;
      const finest = series.filter((own) => own.points.length).sort((a, b) => (a.step || 0) - (b.step || 0))[0];
      if (!finest) return;
      const start = this.cursor ?? (count > 0 ? from : to);
      let index = nearest(finest, start);
      if (this.cursor !== null) index += count;
      index = Math.min(Math.max(index, 0), finest.points.length - 1);
      this.point(Math.min(Math.max(middle(finest, finest.points[index]), from), to));
    }

    /** Zooms so that `factor` of the range is left, around a time. */
    zoom(factor, around) {
      const { from, to } = this.model;
      const center = around ?? this.cursor ?? (from + to) / 2;
      this.on.zoom(center - (center - from) * factor, center + (to - center) * factor);
    }

    /** Moves the range by a share of itself. */
    pan(share) {
      const { from, to } = this.model;
      this.on.zoom(from + (to - from) * share, to + (to - from) * share);
    }
  }

  picli.Chart = Chart;
  picli.plot = { LEFT, RIGHT };
})();
