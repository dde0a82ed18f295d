"use strict";
// How charts answer the mouse, a finger and the keys, and the tooltip that follows.
(() => {
  const tip = () => document.querySelector(".tip");

  loadtui.showTip = (content, x, y) => {
    const box = tip();
    box.replaceChildren(...content);
    box.hidden = false;
    const { width, height } = box.getBoundingClientRect();
    const left = x + 16 + width > window.innerWidth - 6 ? x - 16 - width : x + 16;
    const top = Math.min(Math.max(y - height / 2, 6), window.innerHeight - height - 6);
    box.style.transform = `translate(${Math.max(6, left)}px, ${top}px)`;
  };

  loadtui.hideTip = () => {
    tip().hidden = true;
  };

  /** Let a chart answer: hover, drag to zoom, shift-drag to move, double-click for all; arrows,
   *  + and -, Escape.  A finger moves the rule, and scrolls the page when it goes up or down. */
  loadtui.pointer = (chart) => {
    const { plot, group } = chart;
    let drag = null;

    const hover = (event) => {
      const x = chart.invert(event.clientX);
      group.point(x);
      loadtui.showTip(chart.tooltip(x), event.clientX, event.clientY);
    };
    const leave = () => {
      group.point(null);
      loadtui.hideTip();
    };

    plot.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.pointerType === "touch" || !group.zooms) return;
      drag = { from: chart.invert(event.clientX), at: event.clientX, domain: group.domain, moves: event.shiftKey };
      plot.setPointerCapture(event.pointerId);
    });
    plot.addEventListener("pointermove", (event) => {
      if (!drag) return hover(event);
      if (drag.moves) {
        const by = ((event.clientX - drag.at) / chart.view.width()) * (drag.domain[1] - drag.domain[0]);
        group.zoom([drag.domain[0] - by, drag.domain[1] - by]);
      } else {
        const to = chart.invert(event.clientX);
        group.charts.forEach((one) => one.brush([Math.min(drag.from, to), Math.max(drag.from, to)]));
        hover(event);
      }
    });
    const end = (event) => {
      if (!drag) return;
      const { from, at, moves } = drag;
      drag = null;
      group.charts.forEach((one) => one.brush(null));
      if (!moves && event.type === "pointerup" && Math.abs(event.clientX - at) > 6) {
        const to = chart.invert(event.clientX);
        group.zoom([Math.min(from, to), Math.max(from, to)]);
        hover(event);
      }
    };
    plot.addEventListener("pointerup", end);
    plot.addEventListener("pointercancel", end);
    plot.addEventListener("pointerleave", () => drag || leave());
    plot.addEventListener("dblclick", () => group.reset());
    plot.addEventListener(
      "wheel",
      (event) => {
        if (!group.zooms) return;
        const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
        if (!event.ctrlKey && !event.metaKey && !sideways) return;
        event.preventDefault();
        if (sideways) group.moveBy(event.deltaX / 600);
        else group.scaleBy(Math.exp(event.deltaY / 300), chart.invert(event.clientX));
      },
      { passive: false },
    );
    plot.addEventListener("keydown", (event) => {
      const [from, to] = group.domain;
      const step = (to - from) / 100;
      const at = chart.cursor ?? (from + to) / 2;
      const answers = {
        ArrowLeft: () => (event.shiftKey ? group.moveBy(-0.1) : walk(Math.max(at - step, from))),
        ArrowRight: () => (event.shiftKey ? group.moveBy(0.1) : walk(Math.min(at + step, to))),
        "+": () => group.scaleBy(0.5, at),
        "-": () => group.scaleBy(2, at),
        Escape: () => (group.reset(), leave()),
      };
      if (!answers[event.key]) return;
      event.preventDefault();
      answers[event.key]();
    });
    plot.addEventListener("blur", leave);

    const walk = (x) => {
      group.point(x);
      const box = plot.getBoundingClientRect();
      const share = (x - group.domain[0]) / (group.domain[1] - group.domain[0]);
      loadtui.showTip(chart.tooltip(x), box.left + chart.padding.left + share * chart.view.width(), box.top + box.height / 2);
    };
  };
})();
