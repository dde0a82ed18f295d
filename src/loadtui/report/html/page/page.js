"use strict";
// Starts the page: its reports, the switch of colours, the choice of a run.
(() => {
  const islands = [...document.querySelectorAll("script.island")].map((one) => JSON.parse(one.textContent));
  const KEY = "loadtui-theme";
  const root = document.documentElement;

  // A page from a file may be refused its storage; then the choice is not kept.
  const kept = (use) => {
    try {
      return use(localStorage);
    } catch {
      return "";
    }
  };
  const paint = (theme) => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    document.querySelectorAll("[data-theme-to]").forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.themeTo === theme)));
  };
  paint(kept((storage) => storage.getItem(KEY)) || "");
  document.querySelectorAll("[data-theme-to]").forEach((one) =>
    one.addEventListener("click", () => {
      paint(one.dataset.themeTo);
      kept((storage) => storage.setItem(KEY, one.dataset.themeTo));
    }),
  );

  const button = (text, answer) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", answer);
    return made;
  };

  function zoomButtons(report, data, time) {
    const box = report.querySelector("[data-zoom]");
    const places = [["whole run", [0, data.duration]], ...data.stages.map((one) => [one.name, [one.start, one.end]])];
    if (places.length === 2 || places.length > 9) places.length = 1;
    const made = places.map(([name, domain]) => button(name, () => time.zoom(domain)));
    box.append(...made);
    const press = (domain) =>
      made.forEach((one, at) => one.setAttribute("aria-pressed", String(Math.abs(places[at][1][0] - domain[0]) + Math.abs(places[at][1][1] - domain[1]) < 0.01)));
    time.heard.push(press);
    press(time.domain);
  }

  function start(report, data) {
    if (report.dataset.started) return;
    report.dataset.started = "yes";
    const select = report.querySelector("[data-endpoint]");
    select.append(...["all requests", ...data.endpoints].map((name, at) => new Option(name, String(at))));
    const charts = loadtui.panels(report, data);
    zoomButtons(report, data, charts.time);
    report.querySelector(".controls").hidden = !data.series.length;
    report.querySelector("[data-charts] .nothing").hidden = charts.made.length > 0;
    const marks = report.querySelector(".marks");
    marks.hidden = !data.marks.length;
    for (const one of data.marks) {
      const [row, at] = [document.createElement("li"), document.createElement("b")];
      at.textContent = loadtui.format.clock(one.t);
      row.append(at, ` ${one.text}`);
      marks.append(row);
    }
    for (const row of report.querySelectorAll("tr[data-drawn]")) row.addEventListener("click", () => charts.endpoint(row.dataset.drawn));
    loadtui.tables(report);
  }

  const reports = [...document.querySelectorAll("[data-report]")];
  const choose = (number) => {
    reports.forEach((one, at) => (one.hidden = at !== number));
    document.querySelectorAll("[data-tab]").forEach((one) => one.setAttribute("aria-pressed", String(Number(one.dataset.tab) === number)));
    start(reports[number], islands[number]);
  };
  document.querySelectorAll("[data-tab]").forEach((one) => one.addEventListener("click", () => choose(Number(one.dataset.tab))));
  // Before it is printed every report has to be drawn.
  window.addEventListener("beforeprint", () => reports.forEach((one, at) => start(one, islands[at])));
  choose(0);
})();
