"use strict";
// The charts of one report: which lines they have, and what they show of the island of numbers.
(() => {
  const LINES = {
    p50: { name: "p50", short: "p50", color: "var(--p50)", width: 1.4 },
    p95: { name: "p95", short: "p95", color: "var(--p95)", width: 2.2 },
    p99: { name: "p99", short: "p99", color: "var(--p99)", width: 1.2 },
  };
  const BASE_DASH = [2, 3];
  const STAGES = ["var(--primary)", "var(--p95)", "var(--p99)", "var(--accent)", "var(--secondary)", "var(--bad)"];
  const STAGES_SHOWN = 6;
  const TENFOLDS = 25;
  const BEYOND = 4.5;
  /** Where the slowest request of all is drawn: shares of 1 have no place on a scale of nines. */

  const nines = (share) => (share >= 1 ? BEYOND : -Math.log10(1 - share));
  const wordOf = (share) => (share >= 1 ? "max" : `p${Number((share * 100).toFixed(3))}`);
  const every = (step) => (step === 1 ? "Each point: a second" : `Each point: ${words(step)}`);
  const words = (seconds) => (seconds % 60 ? `${seconds} s` : seconds % 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`);

  loadtui.panels = (report, data) => {
    const find = (name) => report.querySelector(`[data-chart="${name}"]`);
    const time = new loadtui.Group([0, data.duration]);
    const clock = loadtui.format.clock;
    const stageAt = (t) => data.stages.findLast((one) => one.start <= t && t < one.end);
    const step = (chosen) => (chosen ? data.each_step : data.step);
    const span = (t, length) => (length > 1 ? `${clock(t - length / 2)} to ${clock(t + length / 2)}` : clock(t));
    const headOf = (length) => (t) => [span(t, length()), stageAt(t)?.name].filter(Boolean).join(" · ");
    let chosen = 0;

    const edges = data.stages.map((one) => ({
      x: one.start,
      to: one.end,
      text: [one.name, one.users === null ? "" : `${loadtui.format.count(one.users)} ${one.users === 1 ? "user" : "users"}`, one.steered ? "steered" : ""].filter(Boolean).join(" · "),
    }));
    const fixed = {
      bands: data.stages.filter((one) => one.from > one.start).map((one) => ({ from: one.start, to: one.from })),
      edges,
      marks: data.marks.map((one) => ({ x: one.t })),
    };
    const made = [];

    const lineChart = (figure, options) => {
      const chart = new loadtui.LineChart(figure, { group: time, head: headOf(() => step(chosen)), ...options });
      if (chart.group === time) Object.assign(chart.fixed, fixed);
      made.push(chart);
      return chart;
    };
    const caption = (chart, text) => (chart.figure.querySelector("figcaption p").textContent = text);
    /** A column of a table of steps, each drawn in the middle of its step. */
    const column = (table, name, length) => ({
      x: table.t.map((t) => Math.min(t + length / 2, data.duration)),
      y: table[name],
      span: length,
    });
    const based = (lines, on) =>
      data.base.length
        ? lines.map((one) => ({ ...one, key: `base_${one.key}`, name: `base ${one.name}`, short: "", dash: BASE_DASH, width: 1.5, fill: 0, off: !on.includes(one.key) }))
        : [];

    if (data.series.length) courseCharts();
    function courseCharts() {
      const lines = ["p50", "p95", "p99"].map((key) => ({ key, ...LINES[key] }));
      const latency = lineChart(find("latency"), { series: [...lines, ...based(lines, ["p95"])], unit: "ms", height: 240, ends: true });
      const rates = [
        { key: "rps", name: "requests/s", color: "var(--rps)", width: 1.8, fill: 0.1 },
        { key: "failures", name: "failed/s", color: "var(--bad)", width: 1.3, fill: 0.35 },
      ];
      const rps = lineChart(find("rps"), { series: [...rates, ...based(rates.slice(0, 1), ["rps"])], unit: "rate", height: 170, ends: true });
      const [chart, percentiles] = byPercentile();
      const show = () => {
        const length = step(chosen);
        const of = data.series[chosen];
        const base = data.base[chosen];
        const all = { rps: column(of, "rps", length), failures: column(of, "failures", length) };
        const ms = Object.fromEntries(["p50", "p95", "p99"].map((key) => [key, column(of, `${key}_ms`, length)]));
        if (base) {
          const its = base.t.length > 1 ? Math.min(...base.t.slice(1, 3).map((t, at) => t - base.t[at])) : 10;
          all.base_rps = column(base, "rps", its);
          for (const key of ["p50", "p95", "p99"]) ms[`base_${key}`] = column(base, `${key}_ms`, its);
        }
        report.querySelector("[data-of]").textContent = chosen ? data.endpoints[chosen - 1] : "all requests";
        rps.set(all);
        latency.set(ms);
        percentiles(chosen);
        const beside = base ? " Dotted: the base, laid over the same stages." : "";
        const spoken = `${every(length)}, and all requests that began in it.`;
        caption(latency, `${spoken}${beside} Shaded: not measured yet.`);
        caption(rps, `${spoken} Requests started, and those of them that failed.`);
      };
      report.querySelector("[data-endpoint]").addEventListener("change", (event) => {
        chosen = Number(event.target.value);
        show();
      });
      const scales = report.querySelectorAll("[data-log]");
      const press = (kind) => {
        scales.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.log === kind)));
        latency.setLog(kind === "log");
        chart.setLog(kind === "log");
      };
      scales.forEach((one) => one.addEventListener("click", () => press(one.dataset.log)));
      show();
      if (latency.spread() > TENFOLDS) press("log");
      // Some sources count requests over time and say nothing of their latencies.
      if (data.curves[0].every((one) => !one.length)) [latency, chart].forEach((one) => (one.figure.hidden = true));
    }

    function byPercentile() {
      const first = Math.max(0, data.stages.length - STAGES_SHOWN);
      const places = data.shares.map(nines);
      const series = data.stages.flatMap((stage, at) => {
        const line = { key: `s${at}`, name: stage.name, short: stage.name.slice(0, 6), color: STAGES[at % STAGES.length], width: 2, off: at < first };
        const base = { ...line, key: `b${at}`, name: `base ${stage.name}`, short: "", dash: BASE_DASH, width: 1.5 };
        return data.base_curves.length ? [line, base] : [line];
      });
      const group = new loadtui.Group([0, BEYOND], { zooms: false });
      const ticks = [0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1].map((share) => [nines(share), share === 0 ? "min" : wordOf(share)]);
      const chart = lineChart(find("percentiles"), {
        series,
        unit: "ms",
        group,
        height: 240,
        ends: true,
        xTicks: () => ticks,
        head: (x) => wordOf(data.shares[places.reduce((best, one, at) => (Math.abs(one - x) < Math.abs(places[best] - x) ? at : best), 0)]),
      });
      const show = (endpoint) => {
        const shown = {};
        data.stages.forEach((_, at) => {
          shown[`s${at}`] = { x: places, y: data.curves[endpoint][at], span: 1 };
          if (data.base_curves.length) shown[`b${at}`] = { x: places, y: data.base_curves[endpoint][at], span: 1 };
        });
        for (const [key, one] of Object.entries(shown)) if (!one.y.length) delete shown[key];
        chart.set(shown);
      };
      return [chart, show];
    }

    if (data.timeline && data.timeline.t.length) {
      const users = lineChart(find("users"), {
        series: [
          { key: "users", name: "users", color: "var(--users)", width: 1.8, fill: 0.1, curve: "step" },
          { key: "in_flight", name: "in flight", color: "var(--accent)", width: 1.3, dash: [5, 2] },
        ].filter((one) => data.timeline[one.key].some((value) => value !== null)),
        unit: "count",
        height: 100,
        head: headOf(() => data.step),
      });
      caption(users, `${every(data.step)}, the most in it.`);
      users.set({ users: column(data.timeline, "users", data.step), in_flight: column(data.timeline, "in_flight", data.step) });
      health();
    }

    function health() {
      const known = ["cpu", "wait", "lag_ms"].some((name) => data.timeline[name].some((one) => one !== null));
      report.querySelector("[data-no-health]").hidden = known;
      if (!known) return;
      const head = headOf(() => data.step);
      const cpu = lineChart(find("cpu"), {
        series: [
          { key: "cpu", name: "CPU", color: "var(--primary)", width: 1.8, fill: 0.1 },
          { key: "wait", name: "waiting for a CPU", color: "var(--p95)", width: 1.5, dash: [5, 2] },
        ],
        unit: "share",
        height: 130,
        top: 1,
        head,
      });
      cpu.fixed.limits = [{ y: data.limits.cpu, text: "too busy above" }, { y: data.limits.wait, text: "waits too long above" }];
      caption(cpu, `${every(data.step)}, the worst second of the worst worker.`);
      cpu.set({ cpu: column(data.timeline, "cpu", data.step), wait: column(data.timeline, "wait", data.step) });
      const lag = lineChart(find("lag"), { series: [{ key: "lag", name: "lag", color: "var(--p99)", width: 1.6, fill: 0.1 }], unit: "ms", height: 130, head });
      caption(lag, `${every(data.step)}, the worst second of the worst worker.`);
      lag.set({ lag: column(data.timeline, "lag_ms", data.step) });
    }

    const kinds = {
      trend: (one) => ({ keys: ["p50", "p95", "p99"], unit: one.unit === "ms" ? "ms" : one.unit, about: "its percentiles" }),
      counter: () => ({ keys: ["rate"], unit: "rate", about: "counted a second" }),
      rate: () => ({ keys: ["share"], unit: "share", about: "share of hits" }),
    };
    for (const metric of data.metrics) {
      if (!metric.t.length) continue;
      const { keys, unit, about } = kinds[metric.kind](metric);
      const figure = find("users").cloneNode(true);
      figure.dataset.chart = `metric ${metric.name}`;
      figure.querySelector(".plot").replaceChildren();
      figure.querySelector("h3").textContent = metric.name;
      report.querySelector("[data-metric-charts]").append(figure);
      const series = keys.map((key) => ({ key, ...(LINES[key] || { name: metric.name, color: "var(--accent)", width: 1.8, fill: 0.1 }) }));
      const chart = lineChart(figure, { series, unit, height: 150, ends: keys.length > 1, head: headOf(() => metric.step) });
      caption(chart, `${every(metric.step)}; ${about}.`);
      chart.set(Object.fromEntries(keys.map((key) => [key, column(metric, key, metric.step)])));
    }

    if (data.intervals.length) loadtui.intervals(find("intervals"), data.intervals);
    return { time, made, endpoint: (at) => choose(report, at) };
  };

  const choose = (report, at) => {
    const select = report.querySelector("[data-endpoint]");
    select.value = String(at);
    select.dispatchEvent(new Event("change"));
    report.querySelector("[data-charts]").scrollIntoView({ behavior: "smooth" });
  };
})();
