"use strict";
// A chart of lines: its view, its legend, and how it answers mouse, keys and fingers.
(() => {
  const round3 = (v) => (v === 0 ? "0" : Math.abs(v) < 9.995 ? v.toFixed(2) : Math.abs(v) < 999.95 ? v.toFixed(1) : thousands(v));
  const thousands = (v) => Math.round(v).toString().replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const trimmed = (v) => (Math.abs(v) >= 1000 ? thousands(v) : String(Number(v.toPrecision(3))));

  const format = {
    ms: (v) =>
      v < 0.995 ? `${v.toFixed(2)} ms` : v < 9.95 ? `${v.toFixed(1)} ms` : v < 999.5 ? `${v.toFixed(0)} ms`
        : v < 9995 ? `${(v / 1000).toFixed(2)} s` : v < 59950 ? `${(v / 1000).toFixed(1)} s` : `${(v / 60000).toFixed(1)} min`,
    rate: (v) => `${round3(v)}/s`,
    count: (v) => thousands(v),
    share: (v) => `${trimmed(v * 100)} %`,
    plain: (v) => trimmed(v),
    clock: (s) => {
      const whole = Math.max(0, Math.floor(s + 1e-6));
      const two = (n) => String(n).padStart(2, "0");
      const [h, m] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
      return h ? `${h}:${two(m)}:${two(whole % 60)}` : `${two(m)}:${two(whole % 60)}`;
    },
  };
  const onAxis = {
    ms: (v) => (v >= 1000 ? `${trimmed(v / 1000)} s` : `${trimmed(v)} ms`),
    rate: (v) => trimmed(v),
    share: format.share,
    count: format.count,
    plain: format.plain,
  };

  const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

  function timeTicks([from, to], room) {
    const step = TIME_STEPS.find((one) => (to - from) / one <= room) || 86400;
    const found = [];
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) found.push(at);
    return found;
  }

  function linearTicks(most, room) {
    const raw = most / room;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw * 0.999);
    const found = [];
    for (let at = 0; at <= Math.ceil(most / step - 1e-9); at += 1) found.push(Number((at * step).toPrecision(12)));
    return found;
  }

  function logTicks(low, high) {
    const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
    const parts = to - from > 3 ? [1] : to - from > 1 ? [1, 3] : [1, 2, 5];
    const found = [];
    for (let power = from; power <= to; power += 1) parts.forEach((part) => found.push(Number((part * 10 ** power).toPrecision(6))));
    return found.filter((one) => one >= low * 0.999 && one <= high * 1.001);
  }

  /** An SVG sample of a line, for legends and tooltips. */
  function sample(series) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 22 10");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", "M1 5H21");
    line.setAttribute("stroke", series.color);
    line.setAttribute("stroke-width", series.width || 1.8);
    if (series.dash) line.setAttribute("stroke-dasharray", series.dash.join(" "));
    svg.append(line);
    return svg;
  }

  /** Charts that share a stretch of x and the pointer's place on it. */
  class Group {
    constructor(whole, { zooms = true } = {}) {
      this.whole = whole;
      this.domain = whole;
      this.zooms = zooms;
      this.charts = [];
      this.heard = [];
    }

    zoom(domain) {
      if (!this.zooms) return;
      const least = (this.whole[1] - this.whole[0]) / 500;
      let [from, to] = domain;
      if (to - from < least) [from, to] = [(from + to - least) / 2, (from + to + least) / 2];
      const length = Math.min(to - from, this.whole[1] - this.whole[0]);
      from = Math.min(Math.max(from, this.whole[0]), this.whole[1] - length);
      this.domain = [from, from + length];
      this.charts.forEach((chart) => chart.draw());
      this.heard.forEach((hear) => hear(this.domain));
    }

    reset() {
      this.zoom(this.whole);
    }

    scaleBy(factor, at) {
      const [from, to] = this.domain;
      this.zoom([at - (at - from) * factor, at + (to - at) * factor]);
    }

    moveBy(share) {
      const by = (this.domain[1] - this.domain[0]) * share;
      this.zoom([this.domain[0] + by, this.domain[1] + by]);
    }

    point(at) {
      this.charts.forEach((chart) => chart.point(at));
    }
  }

  /**
   * `series` are {key, name, color, dash, width, fill, curve, off}; `unit` is one of `format`;
   * `head` words a place on x for the tooltip; `xTicks` gives ticks and their words for a domain.
   */
  class LineChart {
    constructor(figure, { series, unit, group, height = 210, head, xTicks, top = null, ends = false, label = "" }) {
      Object.assign(this, { figure, series, unit, group, height, head, top, ends });
      this.xTicks = xTicks || ((domain, room) => timeTicks(domain, room).map((at) => [at, format.clock(at)]));
      this.plot = figure.querySelector(".plot");
      this.shown = new Set(series.filter((one) => !one.off).map((one) => one.key));
      this.log = false;
      this.data = {};
      this.fixed = { bands: [], edges: [], marks: [], limits: [] };
      figure.hidden = false;
      this.plot.tabIndex = 0;
      this.plot.setAttribute("role", "img");
      this.plot.setAttribute("aria-label", label || figure.querySelector("h3").textContent);
      this.build();
      this.legend();
      loadtui.pointer(this);
      group.charts.push(this);
      new ResizeObserver(() => this.draw()).observe(this.plot);
    }

    build() {
      if (this.view) this.view.finalize();
      // The same for all, so that charts of one time stand under each other.
      this.padding = { left: 58, right: 44, top: 20, bottom: 24 };
      const spec = loadtui.lineSpec(this.height, this.log, this.padding);
      this.view = new vega.View(vega.parse(spec, null, { ast: true }), {
        expr: vega.expressionInterpreter,
        renderer: "svg",
        hover: false,
        container: this.plot,
      });
      // The page has its own answers to the pointer, and no cursor but its own.
      this.view.preventDefault(false);
    }

    legend() {
      const box = this.figure.querySelector(".legend");
      box.replaceChildren();
      if (this.series.length < 2) return;
      for (const one of this.series) {
        const button = document.createElement("button");
        button.type = "button";
        button.setAttribute("aria-pressed", String(this.shown.has(one.key)));
        button.append(sample(one), document.createTextNode(one.name));
        button.addEventListener("click", () => {
          if (!this.shown.delete(one.key)) this.shown.add(one.key);
          button.setAttribute("aria-pressed", String(this.shown.has(one.key)));
          this.draw();
        });
        box.append(button);
      }
    }

    /** `data` is key -> {x, y, span}: numbers, null where there is none; `span` a step's length. */
    set(data) {
      this.data = data;
      this.draw();
    }

    /** How much the slowest of the lines is above the quickest: tenfolds want a logarithmic axis. */
    spread() {
      const [low, high] = this.extent();
      return high > 0 ? high / low : 1;
    }

    setLog(log) {
      this.log = log;
      this.build();
      this.draw();
    }

    extent() {
      const [from, to] = this.group.domain;
      let [low, high] = [Infinity, 0];
      for (const key of this.shown) {
        const one = this.data[key];
        if (!one) continue;
        one.x.forEach((x, at) => {
          const y = one.y[at];
          if (y === null || x < from || x > to) return;
          high = Math.max(high, y);
          if (y > 0) low = Math.min(low, y);
        });
      }
      return [low, high];
    }

    yScale() {
      const words = onAxis[this.unit] || onAxis.plain;
      const [low, high] = this.extent();
      if (this.log && high > 0) {
        const ticks = logTicks(low / 1.15, high * 1.15);
        return { domain: [low / 1.15, high * 1.15], ticks, words };
      }
      if (this.top) return { domain: [0, this.top], ticks: linearTicks(this.top, 4), words };
      const ticks = linearTicks(high || 1, this.height > 130 ? 4 : 2);
      return { domain: [0, ticks[ticks.length - 1]], ticks, words };
    }

    draw() {
      const width = this.plot.clientWidth - this.padding.left - this.padding.right;
      if (width < 40) return;
      const view = this.view;
      const y = this.yScale();
      const xs = this.xTicks(this.group.domain, Math.max(2, Math.floor(width / 75)));
      view.width(width).height(this.height);
      view.signal("xDomain", this.group.domain).signal("yDomain", y.domain);
      view.signal("xTicks", xs.map(([at]) => at)).signal("xText", Object.fromEntries(xs));
      view.signal("yTicks", y.ticks).signal("yText", Object.fromEntries(y.ticks.map((at) => [at, y.words(at)])));
      view.signal("styles", this.styles());
      const points = this.points();
      view.data("points", points).data("alone", this.alone());
      for (const [name, rows] of Object.entries(this.fixed)) view.data(name, rows);
      view.data("ends", this.ends ? this.endLabels(y) : []);
      view.run();
    }

    styles() {
      const made = {};
      for (const one of this.series) {
        made[one.key] = { color: one.color, dash: one.dash || [], width: one.width || 1.8, fill: one.fill || 0, curve: one.curve || "linear" };
      }
      return made;
    }

    points() {
      const rows = [];
      // The first of the legend is drawn last, over the others.
      for (const { key } of [...this.series].reverse()) {
        const one = this.data[key];
        if (one && this.shown.has(key)) one.x.forEach((x, at) => rows.push({ k: key, x, y: one.y[at] }));
      }
      return rows;
    }

    /** Points without a neighbour, which no line would show. */
    alone() {
      const rows = [];
      for (const key of this.shown) {
        const { x = [], y = [] } = this.data[key] || {};
        x.forEach((one, at) => {
          if (y[at] !== null && (y[at - 1] ?? null) === null && (y[at + 1] ?? null) === null) rows.push({ k: key, x: one, y: y[at] });
        });
      }
      return rows;
    }

    /** Names at the right end of the lines, moved apart where they would touch. */
    endLabels(y) {
      const place = (v) => {
        const [low, high] = y.domain;
        return this.height * (1 - (this.log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low)));
      };
      const rows = [];
      for (const one of this.series) {
        const data = this.data[one.key];
        if (!data || !this.shown.has(one.key) || !one.short) continue;
        let at = data.x.length - 1;
        while (at >= 0 && (data.y[at] === null || data.x[at] > this.group.domain[1])) at -= 1;
        if (at >= 0) rows.push({ k: one.key, text: one.short, at: place(data.y[at]) });
      }
      rows.sort((a, b) => a.at - b.at);
      rows.forEach((row, at) => {
        if (at && row.at - rows[at - 1].at < 13) row.at = rows[at - 1].at + 13;
      });
      const over = rows.length ? rows[rows.length - 1].at - this.height : 0;
      if (over > 0) rows.forEach((row) => (row.at -= over));
      return rows;
    }

    /** The x of a point of the page, within the plot. */
    invert(clientX) {
      const left = this.plot.getBoundingClientRect().left + this.padding.left;
      const width = this.view.width();
      const share = Math.min(Math.max((clientX - left) / width, 0), 1);
      const [from, to] = this.group.domain;
      return from + share * (to - from);
    }

    /** What the lines say at a place: the step each of them has there. */
    read(x) {
      const found = [];
      for (const one of this.series) {
        const data = this.data[one.key];
        if (!data || !data.x.length || !this.shown.has(one.key)) continue;
        const at = nearest(data.x, x);
        const reach = (data.span || (data.x[1] ?? data.x[0]) - data.x[0] || 1) * 1.01;
        if (Math.abs(data.x[at] - x) <= reach && data.y[at] !== null) found.push({ one, x: data.x[at], y: data.y[at] });
      }
      return found;
    }

    point(x) {
      this.cursor = x;
      const rows = x === null ? [] : this.read(x);
      this.view.data("at", rows.map(({ one, x: at, y }) => ({ k: one.key, x: at, y })));
      this.view.data("cursor", x === null ? [] : [{ x: rows.length ? rows[0].x : x }]);
      this.view.runAsync();
    }

    brush(range) {
      this.view.signal("brush", range).runAsync();
    }

    tooltip(x) {
      const rows = this.read(x);
      const body = document.createElement("dl");
      for (const { one, y } of rows) {
        const row = document.createElement("div");
        const [name, shown] = [document.createElement("dt"), document.createElement("dd")];
        name.textContent = one.name;
        shown.textContent = (format[this.unit] || ((v) => `${format.plain(v)} ${this.unit}`.trim()))(y);
        row.append(sample(one), name, shown);
        body.append(row);
      }
      const head = document.createElement("p");
      head.textContent = this.head(rows.length ? rows[0].x : x);
      return rows.length ? [head, body] : [head, "nothing here"];
    }
  }

  function nearest(xs, x) {
    let [low, high] = [0, xs.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (xs[middle] < x) low = middle;
      else high = middle;
    }
    return Math.abs(xs[low] - x) <= Math.abs(xs[high] - x) ? low : high;
  }

  Object.assign(loadtui, { Group, LineChart, format, linearTicks });
})();
