"use strict";
// Changes of metrics with their intervals, a row each.
(() => {
  const TONES = { regressed: "var(--bad)", improved: "var(--good)", inconclusive: "var(--warn)", unchanged: "var(--dim)" };
  const FARTHEST = 3;
  const NARROW = 620;
  const signed = (share) => `${share > 0 ? "+" : ""}${Math.round(share * 100)} %`;

  loadtui.intervals = (figure, intervals) => {
    const plot = figure.querySelector(".plot");
    const rows = intervals.map((one, at) => ({
      ...one,
      at,
      color: one.word === "regressed" && one.status !== "fail" ? "var(--warn)" : TONES[one.word] || "var(--dim)",
      said: `${one.text}  ${one.word}`,
    }));
    const near = (share) => Math.min(share, FARTHEST);
    const low = Math.min(-0.1, ...rows.map((one) => one.low));
    const high = Math.max(0.1, ...rows.map((one) => near(one.high)), ...rows.map((one) => near(one.change) * 1.1));
    const left = Math.min(360, 34 + 6.6 * Math.max(...rows.map((one) => one.label.length)));
    const pad = (high - low) * 0.04;
    let view = null;
    let narrow = null;
    figure.hidden = false;

    const draw = () => {
      const room = plot.clientWidth;
      if (room < 60) return;
      if (narrow !== room < NARROW) {
        narrow = room < NARROW;
        if (view) view.finalize();
        const spec = loadtui.intervalSpec(rows.length, narrow, left);
        view = new vega.View(vega.parse(spec, null, { ast: true }), { expr: vega.expressionInterpreter, renderer: "svg", hover: false, container: plot });
        view.preventDefault(false);
        view.addEventListener("pointermove", (event, item) => {
          const one = item?.datum?.between ? item.datum : null;
          if (one) loadtui.showTip(tipOf(one), event.clientX, event.clientY);
          else loadtui.hideTip();
        });
        view.data("rows", rows);
      }
      const sides = view.padding();
      const width = room - sides.left - sides.right;
      const ticks = loadtui.linearTicks(high - low, Math.max(3, Math.floor(width / 90)));
      const step = ticks[1];
      const xs = [];
      for (let at = Math.ceil((low - pad) / step); at * step <= high + pad; at += 1) xs.push(Number((at * step).toPrecision(6)));
      view.width(width).signal("xDomain", [low - pad, high + pad]);
      view.signal("xTicks", xs).signal("xText", Object.fromEntries(xs.map((at) => [at, signed(at)])));
      view.run();
    };
    plot.addEventListener("pointerleave", loadtui.hideTip);
    new ResizeObserver(draw).observe(plot);
    draw();
  };

  const tipOf = (one) => {
    const head = document.createElement("p");
    head.textContent = one.label;
    const lines = [`${one.values}: ${one.text} ${one.word}`, `between ${one.between}`, `tolerated: ${signed(one.warn)}, at most ${signed(one.fail)}`];
    return [head, ...lines.map((text) => Object.assign(document.createElement("div"), { textContent: text }))];
  };
})();
