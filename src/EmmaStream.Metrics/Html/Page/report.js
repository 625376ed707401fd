"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = id => document.getElementById(id);
  const browser = byId("browser"), list = byId("items"), panes = byId("panes");
  const page = 400, mostZoom = 32;
  const state = { order: "best", shown: [], limit: page, selected: null, scale: 1, x: 0, y: 0 };

  const number = value => typeof value === "number" ? value : value === "Infinity" ? Infinity : value === "-Infinity" ? -Infinity : NaN;
  const print = (metric, value) => {
    if (value === null || value === undefined) return "–";
    const v = number(value);
    return Number.isFinite(v) ? v.toFixed(metric.decimals).replace("-", "−") : Number.isNaN(v) ? "NaN" : v > 0 ? "∞" : "−∞";
  };
  const element = (tag, text, className) => {
    const e = document.createElement(tag);
    if (text !== undefined) e.textContent = text;
    if (className) e.className = className;
    return e;
  };
  // The metric that the list is sorted by and shows; none while it is in the order of names.
  const chosen = () => byId("metric").value === "" ? null : data.metrics[+byId("metric").value];
  const valueOf = item => item.scores[+byId("method").value]?.[+byId("metric").value];
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  // ---- the list ----

  function refresh() {
    const words = byId("find").value.trim().toLowerCase();
    state.shown = data.items.filter(item => item.name.toLowerCase().includes(words));
    const metric = chosen();
    if (metric) {
      const sign = (state.order === "best") === metric.up ? -1 : 1;
      // What has no finite value goes last, either way.
      const key = item => { const v = number(valueOf(item)); return Number.isFinite(v) ? sign * v : Infinity; };
      state.shown = state.shown.map(item => [key(item), item]).sort((a, b) => a[0] === b[0] ? 0 : a[0] < b[0] ? -1 : 1).map(e => e[1]);
    }
    for (const order of ["best", "worst"]) {
      byId(order).setAttribute("aria-pressed", metric !== null && state.order === order);
      byId(order).disabled = metric === null;
    }
    byId("method").disabled = metric === null;
    const noun = data.video ? "frames" : "pairs";
    byId("count").textContent = state.shown.length === data.items.length ? `${data.items.length} ${noun}` : `${state.shown.length} of ${data.items.length} ${noun}`;
    state.limit = page;
    draw();
  }

  function draw() {
    const metric = chosen();
    list.replaceChildren(...state.shown.slice(0, state.limit).map((item, i) => {
      const row = element("div", undefined, item.pictures ? "item" : "item bare");
      row.id = `item-${i}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", item === state.selected);
      row.append(element("span", item.name));
      const have = item.scores.filter(s => s).length;
      if (have < data.methods.length) row.append(element("small", `${have} of ${data.methods.length} methods`));
      if (metric) row.append(element("span", print(metric, valueOf(item))));
      row.addEventListener("click", () => select(item));
      return row;
    }));
    if (state.shown.length > state.limit) {
      const more = element("div", `Show ${Math.min(page, state.shown.length - state.limit)} more`, "item");
      more.addEventListener("click", () => { state.limit += page; draw(); });
      list.append(more);
    }
    mark();
  }

  function mark() {
    const index = state.shown.indexOf(state.selected);
    for (const row of list.querySelectorAll("[role=option]")) row.setAttribute("aria-selected", row.id === `item-${index}`);
    const row = byId(`item-${index}`);
    if (row) {
      list.setAttribute("aria-activedescendant", row.id);
      // Only the list scrolls, never the page.
      if (row.offsetTop < list.scrollTop) list.scrollTop = row.offsetTop;
      else if (row.offsetTop + row.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = row.offsetTop + row.offsetHeight - list.clientHeight;
    } else list.removeAttribute("aria-activedescendant");
    byId("previous").disabled = index <= 0;
    byId("next").disabled = index < 0 || index >= state.shown.length - 1;
  }

  function move(by) {
    const index = state.shown.indexOf(state.selected), target = clamp(index + by, 0, state.shown.length - 1);
    if (state.shown.length === 0 || target === index) return;
    if (target >= state.limit) { state.limit = target + page; draw(); }
    select(state.shown[target]);
  }

  // ---- the pictures ----

  function select(item) {
    state.selected = item;
    byId("name").textContent = item.name;
    byId("size").textContent = item.size;
    const titles = ["Infrared", "Visible", ...data.methods], [width, height] = item.size.split(" × ").map(Number);
    panes.classList.toggle("four", titles.length === 4);
    panes.replaceChildren(...titles.map((title, i) => {
      const figure = element("figure"), caption = element("figcaption", title), pane = element("div", undefined, "pane");
      if (i >= 2) caption.prepend(element("i", undefined, `key k${(i - 2) % 8}`));
      pane.style.aspectRatio = `${width} / ${height}`;
      const source = item.pictures?.[i];
      if (source) {
        const image = element("img");
        image.src = source;
        image.alt = `${title} of ${item.name}`;
        image.draggable = false;
        pane.append(image);
      } else pane.append(element("p", item.pictures || i >= 2 && !item.scores[i - 2] ? "none" : "picture not included"));
      watch(pane);
      figure.append(caption, pane);
      return figure;
    }));
    drawScores(item);
    mark();
    apply();
  }

  function drawScores(item) {
    const table = element("table"), head = element("tr"), body = element("tbody");
    table.append(element("caption", "Scores"));
    head.append(element("th", "Metric"), ...data.methods.map((m, i) => { const th = element("th", m); th.prepend(element("i", undefined, `key k${i % 8}`)); return th; }));
    table.append(element("thead"));
    table.tHead.append(head);
    data.metrics.forEach((metric, k) => {
      const row = element("tr"), name = element("th", metric.name);
      name.scope = "row";
      name.title = metric.title;
      name.append(element("span", metric.up ? "↑" : "↓", "arrow"));
      row.append(name);
      const values = item.scores.map(s => s ? s[k] : null);
      const places = [...new Set(values.map(number).filter(Number.isFinite))].sort((a, b) => metric.up ? b - a : a - b);
      for (const value of values) {
        const cell = element("td"), place = data.methods.length > 1 && value !== null ? places.indexOf(number(value)) : -1;
        cell.append(place === 0 ? element("b", print(metric, value)) : place === 1 ? element("u", print(metric, value)) : print(metric, value));
        cell.className = place === 0 ? "best" : place === 1 ? "second" : "";
        row.append(cell);
      }
      body.append(row);
    });
    table.append(body);
    byId("scores").replaceChildren(table);
  }

  // ---- zoom, the same in every pane: x and y are the hidden share of the picture, left and above ----

  function apply() {
    state.x = clamp(state.x, 0, 1 - 1 / state.scale);
    state.y = clamp(state.y, 0, 1 - 1 / state.scale);
    for (const pane of panes.querySelectorAll(".pane")) {
      pane.classList.toggle("zoomed", state.scale > 1);
      const image = pane.querySelector("img");
      if (image) image.style.transform = `scale(${state.scale}) translate(${-state.x * 100}%, ${-state.y * 100}%)`;
    }
    byId("scale").textContent = `${Math.round(state.scale * 100)} %`;
    byId("out").disabled = state.scale <= 1;
    byId("in").disabled = state.scale >= mostZoom;
  }

  // (px, py): the place that stays where it is, as shares of the pane.
  function zoom(factor, px = 0.5, py = 0.5) {
    const scale = clamp(state.scale * factor, 1, mostZoom);
    state.x += px / state.scale - px / scale;
    state.y += py / state.scale - py / scale;
    state.scale = scale;
    apply();
  }

  function watch(pane) {
    const pointers = new Map();
    const share = event => { const box = pane.getBoundingClientRect(); return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]; };
    const spread = () => { const [a, b] = [...pointers.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]); };
    pane.addEventListener("wheel", event => {
      if (state.scale === 1 && event.deltaY > 0) return;
      event.preventDefault();
      zoom(Math.exp(-clamp(event.deltaY, -100, 100) * 0.004), ...share(event));
    }, { passive: false });
    pane.addEventListener("dblclick", event => state.scale > 1 ? fit() : zoom(4, ...share(event)));
    pane.addEventListener("pointerdown", event => { pane.setPointerCapture(event.pointerId); pointers.set(event.pointerId, share(event)); });
    pane.addEventListener("pointermove", event => {
      const old = pointers.get(event.pointerId);
      if (!old) return;
      const now = share(event), before = pointers.size === 2 ? spread() : 0;
      pointers.set(event.pointerId, now);
      if (pointers.size === 2) {
        const [a, b] = [...pointers.values()];
        zoom(spread() / Math.max(before, 0.01), (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
      } else if (state.scale > 1) pan((old[0] - now[0]) / state.scale, (old[1] - now[1]) / state.scale);
    });
    for (const end of ["pointerup", "pointercancel"]) pane.addEventListener(end, event => pointers.delete(event.pointerId));
  }

  function pan(x, y) { state.x += x; state.y += y; apply(); }
  function fit() { state.scale = 1; apply(); }

  // ---- keys and controls ----

  const step = 0.15;
  const keys = {
    ArrowRight: () => move(1), ArrowLeft: () => move(-1), j: () => move(1), k: () => move(-1),
    "+": () => zoom(1.5), "=": () => zoom(1.5), "-": () => zoom(1 / 1.5), "0": fit,
  };
  const panKeys = { ArrowRight: [step, 0], ArrowLeft: [-step, 0], ArrowDown: [0, step], ArrowUp: [0, -step] };
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select")) return;
    if (event.shiftKey && panKeys[event.key]) {
      event.preventDefault();
      pan(panKeys[event.key][0] / state.scale, panKeys[event.key][1] / state.scale);
    } else if (keys[event.key] && !(event.target.closest(".scroll") && event.key.startsWith("Arrow"))) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  const listKeys = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, End: Infinity, Home: -Infinity };
  list.addEventListener("keydown", event => {
    if (event.shiftKey || !(event.key in listKeys)) return;
    event.preventDefault();
    event.stopPropagation();
    move(clamp(listKeys[event.key], -state.shown.length, state.shown.length));
  });

  const sortBy = order => { state.order = order; refresh(); };
  byId("best").addEventListener("click", () => sortBy("best"));
  byId("worst").addEventListener("click", () => sortBy("worst"));
  byId("find").addEventListener("input", refresh);
  byId("previous").addEventListener("click", () => move(-1));
  byId("next").addEventListener("click", () => move(1));
  byId("in").addEventListener("click", () => zoom(1.5));
  byId("out").addEventListener("click", () => zoom(1 / 1.5));
  byId("fit").addEventListener("click", fit);
  byId("metric").append(new Option(data.video ? "Time" : "Name", ""));
  data.metrics.forEach((m, i) => byId("metric").append(new Option(m.name, i)));
  data.methods.forEach((m, i) => byId("method").append(new Option(m, i)));
  byId("method-label").hidden = data.methods.length < 2;
  for (const id of ["metric", "method"]) byId(id).addEventListener("change", refresh);
  browser.hidden = false;
  refresh();
  const whole = item => item.scores.every(s => s);
  select(data.items.find(item => item.pictures && whole(item)) ?? data.items.find(whole) ?? data.items.find(item => item.pictures) ?? data.items[0]);
})();
