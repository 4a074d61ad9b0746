"use strict";

/* Tables: a heading sorts, once more turns round, a third time restores. Empty cells stay at the end. */
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  const given = Array.from(body.rows);
  if (given.length < 2) continue;
  const headings = Array.from(table.tHead.rows[0].cells);
  const collator = new Intl.Collator("en", { numeric: true });
  const key = (row, at) => {
    const cell = row.cells[at];
    return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent.trim();
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b
    : typeof a === "number" ? -1
    : typeof b === "number" ? 1
    : collator.compare(a, b);
  const sort = (at, order) => {
    const sign = order === "descending" ? -1 : 1;
    const rows = given.map((row) => [key(row, at), row]);
    if (order) rows.sort(([a], [b]) => (a === "") - (b === "") || sign * compare(a, b));
    body.append(...rows.map(([, row]) => row));
    headings.forEach((heading, other) => {
      if (other === at && order) heading.setAttribute("aria-sort", order);
      else heading.removeAttribute("aria-sort");
    });
  };
  headings.forEach((heading, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const next = { ascending: "descending", descending: "" };
      const now = heading.getAttribute("aria-sort");
      sort(at, now ? next[now] : "ascending");
    });
  });
}

/* Charts: what a mark says of itself appears beside it, by pointer or with the arrow keys. */
const tip = document.createElement("div");
tip.className = "tip";
tip.setAttribute("role", "tooltip");
tip.hidden = true;
document.body.append(tip);
const show = (mark) => {
  const [first, ...rest] = mark.dataset.says.split("\n");
  const name = document.createElement("strong");
  name.textContent = first;
  tip.replaceChildren(name, ...rest.map((line) => {
    const item = document.createElement("div");
    item.textContent = line;
    return item;
  }));
  tip.hidden = false;
  const place = mark.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const wide = document.documentElement.clientWidth;
  const left = place.left + place.width / 2 - own.width / 2;
  const above = place.top - own.height - 8;
  tip.style.left = Math.max(8, Math.min(left, wide - own.width - 8)) + "px";
  tip.style.top = (above < 8 ? place.bottom + 8 : above) + "px";
};
const hide = () => { tip.hidden = true; };
for (const chart of document.querySelectorAll("figure svg")) {
  const marks = Array.from(chart.querySelectorAll("title"), (title) => {
    const mark = title.parentNode;
    mark.dataset.says = title.textContent;
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", title.textContent.replaceAll("\n", ", "));
    title.remove();
    return mark;
  });
  if (marks.length > 0) chart.setAttribute("role", "group");
  marks.forEach((mark, at) => {
    mark.classList.add("says");
    mark.tabIndex = at === 0 ? 0 : -1;
    mark.addEventListener("pointerenter", () => show(mark));
    mark.addEventListener("pointerleave", hide);
    mark.addEventListener("focus", () => show(mark));
    mark.addEventListener("blur", hide);
    mark.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") hide();
      if (!step) return;
      event.preventDefault();
      const next = marks[(at + step + marks.length) % marks.length];
      mark.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
  });
}
addEventListener("scroll", hide, { passive: true, capture: true });

/* Dark and light: the system's choice until the button is used. */
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
const toggle = document.createElement("button");
toggle.type = "button";
toggle.className = "theme";
const label = () => {
  const other = isDark() ? "Light" : "Dark";
  toggle.textContent = other;
  toggle.setAttribute("aria-label", other + " colours");
};
toggle.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  label();
});
dark.addEventListener("change", label);
label();
document.querySelector("header").append(toggle);
