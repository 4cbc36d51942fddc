"use strict";
// The list of metrics: a filter, arrow keys, and a change shown at once instead of at the press of a button.
(() => {
  const form = document.getElementById("picker");
  const count = document.getElementById("count");
  const most = Number(form.dataset.most);
  const boxes = [...form.querySelectorAll('input[name="metric"]')];
  const groups = [...form.querySelectorAll("details")];
  const filter = document.getElementById("filter");
  const search = filter.querySelector("input");
  // Below the chart, where the list is long: only what is chosen is unfolded.
  if (matchMedia("(max-width: 960px)").matches) {
    for (const group of groups) group.open = group.querySelector("input:checked") !== null;
  }
  const wasOpen = new Map(groups.map((group) => [group, group.open]));
  filter.hidden = false;
  form.querySelector(".submit").hidden = true;

  /** What the page knows of a metric by its name. */
  const known = new Map(boxes.map((box) => [box.value, {
    label: box.parentElement.querySelector("span").firstChild.textContent.trim(),
    kind: box.dataset.kind,
    choice: box.dataset.words ? box.dataset.words.split("/") : null,
  }]));

  const picker = {
    onchange: () => {},
    known: (name) => known.get(name) || { label: name, kind: "gauge", choice: null },
    get chosen() { return boxes.filter((box) => box.checked).map((box) => box.value); },
    set chosen(names) {
      for (const box of boxes) box.checked = names.includes(box.value);
      update();
    },
  };

  function update() {
    const chosen = picker.chosen.length;
    count.textContent = `${chosen}\u00a0of at most\u00a0${most}`;
    for (const box of boxes) box.disabled = !box.checked && chosen >= most;
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    if (event.target.name !== "metric") return;
    update();
    picker.onchange(picker.chosen);
  });

  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const box of boxes) {
      const text = (box.value + " " + box.parentElement.textContent).toLowerCase();
      box.parentElement.hidden = !words.every((word) => text.includes(word));
    }
    for (const group of groups) {
      const isFound = group.querySelector("label:not([hidden])") !== null;
      group.hidden = !isFound;
      group.open = words.length > 0 ? isFound : wasOpen.get(group);
    }
  });

  // Up and down through what is visible; Enter in the filter takes the first match.
  form.addEventListener("keydown", (event) => {
    const visible = boxes.filter((box) => box.offsetParent !== null && !box.disabled);
    const here = visible.indexOf(document.activeElement);
    if (event.key === "Enter" && event.target === search) {
      event.preventDefault();
      visible[0]?.click();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = here + (event.key === "ArrowDown" ? 1 : -1);
      (next < 0 ? search : visible[Math.min(next, visible.length - 1)])?.focus();
    } else if (event.key === "Escape" && event.target === search && search.value) {
      search.value = "";
      search.dispatchEvent(new Event("input"));
    }
  });

  update();
  picli.picker = picker;
})();
