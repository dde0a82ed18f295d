"use strict";
// What Vega is told to draw: lines over a number, and changes with their intervals.
// Colours are the page's own variables, so that a chart follows the theme and the printer.
const loadtui = {};

loadtui.FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif";

(() => {
  const FONT = loadtui.FONT;
  const text = (extra) => ({ font: FONT, fontSize: 11.5, fill: "var(--dim)", ...extra });
  const value = (map) => Object.fromEntries(Object.entries(map).map(([name, one]) => [name, { value: one }]));

  const axis = (scale, orient, ticks, labels, grid) => ({
    scale,
    orient,
    values: { signal: ticks },
    grid,
    gridColor: "var(--hair)",
    domain: !grid,
    domainColor: "var(--faint)",
    ticks: !grid,
    tickColor: "var(--faint)",
    tickSize: 4,
    labelPadding: grid ? 8 : 4,
    labelFont: FONT,
    labelFontSize: 11.5,
    labelColor: "var(--dim)",
    labelOverlap: grid ? false : "greedy",
    labelSeparation: 8,
    labelFlush: false,
    encode: { labels: { update: { text: { signal: `${labels}[datum.value]` } } } },
  });

  const x = (field) => ({ scale: "x", field });
  const span = { y: { value: 0 }, y2: { signal: "height" } };
  const style = (name) => ({ signal: `styles[datum.k].${name}` });
  const drawn = { x: x("x"), y: { scale: "y", field: "y" }, defined: { signal: "isValid(datum.y)" } };

  const lines = {
    type: "group",
    from: { facet: { name: "line", data: "points", groupby: "k" } },
    marks: [
      {
        type: "area",
        from: { data: "line" },
        encode: {
          update: {
            ...drawn,
            y2: { signal: "height" },
            fill: style("color"),
            fillOpacity: style("fill"),
            interpolate: style("curve"),
          },
        },
      },
      {
        type: "line",
        from: { data: "line" },
        encode: {
          update: {
            ...drawn,
            stroke: style("color"),
            strokeWidth: style("width"),
            strokeDash: style("dash"),
            strokeJoin: { value: "round" },
            interpolate: style("curve"),
          },
        },
      },
    ],
  };

  const behind = [
    {
      type: "rect",
      from: { data: "bands" },
      encode: { update: { x: x("from"), x2: x("to"), ...span, fill: { value: "var(--surface)" } } },
    },
    {
      type: "rule",
      from: { data: "edges" },
      encode: { update: { x: x("x"), ...span, ...value({ stroke: "var(--faint)", strokeWidth: 1 }) } },
    },
    {
      type: "rule",
      from: { data: "limits" },
      encode: {
        update: {
          x: { value: 0 },
          x2: { signal: "width" },
          y: { scale: "y", field: "y" },
          ...value({ stroke: "var(--bad)", strokeWidth: 1, strokeDash: [2, 3] }),
        },
      },
    },
    {
      type: "text",
      from: { data: "limits" },
      encode: {
        update: {
          x: { signal: "width - 4" },
          y: { scale: "y", field: "y", offset: -4 },
          text: { field: "text" },
          ...value(text({ align: "right", fill: "var(--bad)" })),
        },
      },
    },
    {
      type: "rule",
      from: { data: "marks" },
      encode: { update: { x: x("x"), ...span, ...value({ stroke: "var(--accent)", strokeWidth: 1.2, strokeDash: [1, 2] }) } },
    },
  ];

  const before = [
    {
      type: "symbol",
      from: { data: "alone" },
      encode: { update: { ...drawn, size: { value: 16 }, fill: style("color") } },
    },
    {
      type: "rect",
      encode: {
        update: {
          x: { signal: "brush ? scale('x', brush[0]) : 0" },
          x2: { signal: "brush ? scale('x', brush[1]) : 0" },
          ...span,
          ...value({ fill: "var(--primary)", fillOpacity: 0.14 }),
        },
      },
    },
    {
      type: "rule",
      from: { data: "cursor" },
      encode: { update: { x: x("x"), ...span, ...value({ stroke: "var(--secondary)", strokeWidth: 1 }) } },
    },
    {
      type: "symbol",
      from: { data: "at" },
      encode: {
        update: {
          x: x("x"),
          y: { scale: "y", field: "y" },
          fill: style("color"),
          ...value({ size: 42, stroke: "var(--background)", strokeWidth: 1.5 }),
        },
      },
    },
  ];

  // A stage that began before what is shown is named where the chart begins.
  const shownFrom = "max(0, scale('x', datum.x))";
  const above = [
    {
      type: "text",
      from: { data: "edges" },
      encode: {
        update: {
          x: { signal: `${shownFrom} + 5` },
          y: { value: -6 },
          text: { field: "text" },
          limit: { signal: `max(1, scale('x', min(datum.to, xDomain[1])) - ${shownFrom} - 8)` },
          opacity: { signal: `scale('x', min(datum.to, xDomain[1])) - ${shownFrom} > 20 ? 1 : 0` },
          ...value(text({ fill: "var(--secondary)" })),
        },
      },
    },
    {
      type: "symbol",
      from: { data: "marks" },
      encode: {
        update: {
          x: x("x"),
          y: { value: 0 },
          opacity: { signal: "datum.x >= xDomain[0] && datum.x <= xDomain[1] ? 1 : 0" },
          ...value({ shape: "triangle-down", size: 46, fill: "var(--accent)" }),
        },
      },
    },
    {
      type: "text",
      from: { data: "ends" },
      encode: {
        update: {
          x: { signal: "width + 6" },
          y: { field: "at" },
          text: { field: "text" },
          fill: style("color"),
          ...value({ font: FONT, fontSize: 11.5, fontWeight: 600, baseline: "middle" }),
        },
      },
    },
  ];

  /** Lines over time or over percentiles; everything that changes comes in as signals and data. */
  loadtui.lineSpec = (height, log, padding) => ({
    autosize: { type: "none" },
    padding,
    width: 600,
    height,
    signals: [
      { name: "xDomain", value: [0, 1] },
      { name: "yDomain", value: [1, 2] },
      { name: "xTicks", value: [] },
      { name: "yTicks", value: [] },
      { name: "xText", value: {} },
      { name: "yText", value: {} },
      { name: "styles", value: {} },
      { name: "brush", value: null },
    ],
    data: ["points", "alone", "at", "cursor", "bands", "edges", "marks", "limits", "ends"].map((name) => ({ name, values: [] })),
    scales: [
      { name: "x", type: "linear", domain: { signal: "xDomain" }, range: "width", zero: false },
      { name: "y", type: log ? "log" : "linear", domain: { signal: "yDomain" }, range: "height", zero: false, clamp: log },
    ],
    axes: [axis("y", "left", "yTicks", "yText", true), axis("x", "bottom", "xTicks", "xText", false)],
    marks: [
      {
        type: "group",
        clip: true,
        encode: { update: { width: { signal: "width" }, height: { signal: "height" } } },
        marks: [...behind, lines, ...before],
      },
      ...above,
    ],
  });

  const tick = (field, size) => ({
    type: "rect",
    from: { data: "rows" },
    encode: {
      update: {
        x: { scale: "x", field, offset: -size / 2 },
        width: { value: size },
        y: { signal: "scale('y', datum.at) + line - 6" },
        height: { value: 12 },
        fill: { value: "var(--dim)" },
        opacity: { signal: `datum.${field} === 0 || abs(scale('x', datum.${field}) - width / 2) > width / 2 ? 0 : 0.75` },
      },
    },
  });

  /** A row a metric: its change, the interval of it, and where its tolerances end. */
  loadtui.intervalSpec = (rows, narrow, left) => ({
    autosize: { type: "none" },
    padding: narrow ? { left: 8, right: 12, top: 4, bottom: 26 } : { left, right: 165, top: 4, bottom: 26 },
    width: 600,
    height: rows * (narrow ? 46 : 27),
    signals: [
      { name: "xDomain", value: [-1, 1] },
      { name: "xTicks", value: [] },
      { name: "xText", value: {} },
      { name: "line", update: narrow ? "32" : "bandwidth('y') / 2" },
    ],
    data: [{ name: "rows", values: [] }],
    scales: [
      { name: "x", type: "linear", domain: { signal: "xDomain" }, range: "width", clamp: true, zero: false },
      { name: "y", type: "band", domain: { data: "rows", field: "at" }, range: "height" },
    ],
    axes: [{ ...axis("x", "bottom", "xTicks", "xText", false), grid: !narrow }],
    marks: [
      {
        type: "rule",
        encode: { update: { x: { scale: "x", value: 0 }, ...span, ...value({ stroke: narrow ? "var(--faint)" : "var(--dim)", strokeWidth: 1 }) } },
      },
      tick("warn", 2),
      tick("fail", 5),
      {
        type: "rule",
        from: { data: "rows" },
        encode: {
          update: {
            x: x("low"),
            x2: x("high"),
            y: { signal: "scale('y', datum.at) + line" },
            stroke: { field: "color" },
            strokeWidth: { value: 2.5 },
            strokeCap: { value: "round" },
          },
        },
      },
      {
        type: "symbol",
        from: { data: "rows" },
        encode: {
          update: {
            x: x("change"),
            y: { signal: "scale('y', datum.at) + line" },
            fill: { field: "color" },
            ...value({ size: 62, stroke: "var(--background)", strokeWidth: 1.5 }),
          },
        },
      },
      {
        type: "text",
        from: { data: "rows" },
        encode: {
          update: {
            x: narrow ? { value: 0 } : { value: -14 },
            y: { signal: narrow ? "scale('y', datum.at) + 14" : "scale('y', datum.at) + line" },
            text: { field: "label" },
            limit: narrow ? { signal: "width - 150" } : { value: left - 20 },
            ...value(text({ align: narrow ? "left" : "right", baseline: narrow ? "alphabetic" : "middle", fill: "var(--foreground)", fontSize: 12.5 })),
          },
        },
      },
      {
        type: "text",
        from: { data: "rows" },
        encode: {
          update: {
            x: narrow ? { signal: "width" } : { signal: "width + 16" },
            y: { signal: narrow ? "scale('y', datum.at) + 14" : "scale('y', datum.at) + line" },
            text: { field: "said" },
            fill: { field: "color" },
            ...value({ font: FONT, fontSize: 12.5, fontWeight: 600, align: narrow ? "right" : "left", baseline: narrow ? "alphabetic" : "middle" }),
          },
        },
      },
    ],
  });
})();
