"use strict";
// Tables that sort, filter, and show their first rows until asked for all.
(() => {
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

  class Table {
    constructor(report, table) {
      this.table = table;
      this.body = table.tBodies[0];
      this.rows = [...this.body.rows];
      this.texts = new Map(this.rows.map((row) => [row, row.textContent.toLowerCase()]));
      this.first = Number(table.dataset.first);
      this.all = false;
      const name = table.dataset.table;
      const find = (what) => report.querySelector(`[data-${what}="${name}"]`);
      this.filter = find("filter");
      this.scope = find("scope");
      this.count = find("count");
      this.more = find("more");
      this.changed = name === "compared" ? report.querySelector("input[data-changed]") : null;
      this.filter?.addEventListener("input", () => this.show());
      this.scope?.addEventListener("change", () => this.show());
      this.changed?.addEventListener("change", () => this.show());
      this.more?.addEventListener("click", () => {
        this.all = true;
        this.show();
      });
      [...table.tHead.rows[0].cells].forEach((head, at) => head.dataset.sort && this.sortable(head, at));
      this.show();
    }

    sortable(head, column) {
      head.tabIndex = 0;
      const sort = () => {
        const numbers = head.dataset.sort === "n";
        const was = head.getAttribute("aria-sort");
        // Numbers begin with the largest, words with the first.
        const down = was ? was === "ascending" : numbers && head.cellIndex > 0;
        [...head.parentElement.cells].forEach((one) => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        this.sort(column, numbers, down);
      };
      head.addEventListener("click", sort);
      head.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        sort();
      });
    }

    sort(column, numbers, down) {
      const turn = down ? -1 : 1;
      const value = (row) => row.cells[column].dataset.v;
      const text = (row) => row.cells[column].textContent.trim();
      this.rows.sort((a, b) => {
        if (!numbers) return turn * collator.compare(text(a), text(b));
        const [one, other] = [value(a), value(b)];
        // What has no value is last, whichever way it goes.
        if (one === "" || other === "") return (one === "") - (other === "");
        return turn * (Number(one) - Number(other));
      });
      this.body.append(...this.rows);
      this.show();
    }

    fits(row) {
      if (this.scope && row.dataset.scope !== this.scope.value) return false;
      if (this.changed?.checked && row.dataset.changed === undefined) return false;
      const wanted = this.filter ? this.filter.value.trim().toLowerCase().split(/\s+/) : [];
      return wanted.every((word) => this.texts.get(row).includes(word));
    }

    show() {
      const fitting = this.rows.filter((row) => this.fits(row));
      const most = this.all ? fitting.length : this.first;
      const shown = new Set(fitting.slice(0, most));
      this.rows.forEach((row) => (row.hidden = !shown.has(row)));
      if (this.table.tFoot && this.scope) [...this.table.tFoot.rows].forEach((row) => (row.hidden = row.dataset.scope !== this.scope.value));
      const words = shown.size < fitting.length ? `${shown.size} of ${fitting.length} rows` : fitting.length === 1 ? "1 row" : `${fitting.length} rows`;
      if (this.count) this.count.textContent = words;
      if (this.more) {
        this.more.hidden = shown.size === fitting.length;
        this.more.textContent = `Show all ${fitting.length} rows`;
      }
    }
  }

  loadtui.tables = (report) => [...report.querySelectorAll("table[data-table]")].map((table) => new Table(report, table));
})();
