"use strict";
// Mouse, touch, wheel and keys on a chart. A mouse brushes a range, a finger moves the crosshair, two fingers zoom.
(() => {
  const { LEFT, RIGHT } = picli.plot;

  picli.gestures = (chart) => {
    const { root, brush } = chart;
    const fingers = new Map();
    let drag = null;
    let pinch = null;

    const place = (event) => {
      const x = event.clientX - root.getBoundingClientRect().left - root.clientLeft;
      return Math.min(Math.max(x, LEFT), root.clientWidth - RIGHT);
    };

    function stretch(a, b) {
      brush.hidden = false;
      brush.style.transform = `translateX(${Math.min(a, b)}px)`;
      brush.style.width = Math.abs(b - a) + "px";
    }

    function end(event, isDone) {
      const done = drag;
      drag = null;
      brush.hidden = true;
      fingers.delete(event.pointerId);
      if (fingers.size < 2) pinch = null;
      if (!done || !isDone) return;
      const to = place(event);
      if (done.isPan) return chart.on.zoom(chart.model.from, chart.model.to);
      if (Math.abs(to - done.x) >= 6) {
        chart.on.zoom(chart.time(Math.min(to, done.x)), chart.time(Math.max(to, done.x)));
      }
    }

    root.addEventListener("pointerdown", (event) => {
      if (!chart.model || event.button > 1) return;
      root.setPointerCapture(event.pointerId);
      const x = place(event);
      if (event.pointerType === "touch") {
        fingers.set(event.pointerId, x);
        chart.point(chart.time(x));
        if (fingers.size === 2) {
          const [a, b] = [...fingers.values()];
          pinch = { a: chart.time(Math.min(a, b)), b: chart.time(Math.max(a, b)) };
        }
        return;
      }
      if (event.button === 1) event.preventDefault();
      drag = { x, from: chart.model.from, to: chart.model.to, isPan: event.shiftKey || event.button === 1 };
    });

    root.addEventListener("pointermove", (event) => {
      if (!chart.model) return;
      chart.on.key(false);
      const x = place(event);
      if (fingers.has(event.pointerId)) fingers.set(event.pointerId, x);
      if (pinch && fingers.size === 2) {
        const [left, right] = [...fingers.values()].sort((a, b) => a - b);
        // The times that were under the fingers stay under them.
        const scale = (pinch.b - pinch.a) / Math.max(16, right - left);
        const from = pinch.a - (left - LEFT) * scale;
        return chart.on.zoom(from, from + chart.width * scale);
      }
      if (drag?.isPan) {
        const shift = ((drag.x - x) / chart.width) * (drag.to - drag.from);
        return chart.show({ ...chart.model, from: drag.from + shift, to: drag.to + shift });
      }
      if (drag && Math.abs(x - drag.x) >= 6) stretch(drag.x, x);
      chart.point(chart.time(x));
    });

    root.addEventListener("pointerup", (event) => end(event, true));
    root.addEventListener("pointercancel", (event) => end(event, false));
    root.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && chart.model) chart.point(null);
    });
    root.addEventListener("dblclick", () => chart.on.reset());

    root.addEventListener("wheel", (event) => {
      if (!chart.model) return;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        chart.zoom(event.deltaY < 0 ? 0.8 : 1.25, chart.time(place(event)));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        chart.pan(((event.deltaX || event.deltaY) / chart.width) * 0.5);
      }
    }, { passive: false });

    const keys = {
      ArrowLeft: (event) => chart.step(event.shiftKey ? -10 : -1),
      ArrowRight: (event) => chart.step(event.shiftKey ? 10 : 1),
      Home: () => chart.point(chart.model.from),
      End: () => chart.point(chart.model.to),
      PageUp: () => chart.pan(-0.5),
      PageDown: () => chart.pan(0.5),
      "+": () => chart.zoom(0.5),
      "=": () => chart.zoom(0.5),
      "-": () => chart.zoom(2),
      0: () => chart.on.reset(),
      Escape: () => chart.point(null),
    };
    root.addEventListener("keydown", (event) => {
      const act = keys[event.key];
      if (!act || !chart.model || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      chart.on.key(true);
      act(event);
    });
  };
})();
