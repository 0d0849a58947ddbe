// Draws every figure[data-chart] from its own table twin, in the colours of tokens.css.
// A row says its number in data-value; what a chart needs besides stands in data attributes of the
// figure (see templates/components/chart_box.html). Without this file the table is what one reads.
(() => {
  const probe = document.createElement("i");
  probe.hidden = true;
  const INK = ["text", "muted", "surface", "sunken", "chart-point", "chart-after", "chart-limit", "chart-band", "chart-grid", "chart-compare"];
  const inks = () => {
    document.body.append(probe);
    const found = INK.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    });
    probe.remove();
    return Object.fromEntries(found);
  };
  const narrow = () => matchMedia("(max-width: 48rem)").matches;
  const typeface = () => getComputedStyle(document.body).fontFamily;

  const number = (text) => (text === undefined || text === "" ? null : Number(text));
  const rowsOf = (figure) => [...figure.querySelectorAll("tbody tr[data-value]")].map((row) => ({
    kind: row.dataset.kind ?? "", value: number(row.dataset.value), compare: number(row.dataset.compare),
    label: row.cells[0].textContent.trim(), signal: row.dataset.signal ?? "",
    shown: row.dataset.shown ?? row.dataset.value,
  }));
  const figures = (figure) => new Intl.NumberFormat(document.documentElement.lang || undefined, {
    minimumFractionDigits: Number(figure.dataset.decimals ?? 0), maximumFractionDigits: Number(figure.dataset.decimals ?? 0),
  });
  // A range that shows the points and the limits with a little air, on steps people count in.
  const span = (values) => {
    const low = Math.min(...values), high = Math.max(...values), air = (high - low || Math.abs(high) || 1) * 0.12;
    const step = 10 ** Math.floor(Math.log10((high - low || Math.abs(high) || 1) / 2));
    const floor = Math.floor((low - air) / step) * step;
    return { min: low >= 0 && floor < 0 ? 0 : floor, max: Math.ceil((high + air) / step) * step };
  };
  const base = (ink, font) => ({
    maintainAspectRatio: false, animation: false, locale: document.documentElement.lang || undefined,
    plugins: {
      legend: { display: false },
      tooltip: { displayColors: false, backgroundColor: ink.text, titleColor: ink.surface, bodyColor: ink.surface, titleFont: { family: font }, bodyFont: { family: font } },
    },
  });
  const words = (ink, font, more = {}) => ({ color: ink.muted, font: { family: font, size: 12 }, maxRotation: 0, ...more });
  const rule = (ctx, x1, y1, x2, y2) => { ctx.beginPath(); ctx.moveTo(x1, y1); ctx.lineTo(x2, y2); ctx.stroke(); };

  // Behind the points: the band between the limits, the weeks left out, the rule at go-live.
  const frame = (figure, ink, font, rows, limits) => ({
    id: "frame",
    beforeDatasetsDraw({ ctx, chartArea: area, scales: { x, y } }) {
      const at = (value) => y.getPixelForValue(value);
      const live = rows.findIndex((row) => row.kind === "transition" || row.kind === "after");
      const after = rows.findIndex((row) => row.kind === "after");
      const edge = (index) => x.getPixelForValue(index - 0.5);
      ctx.save();
      if (limits.low !== null && limits.high !== null) {
        ctx.fillStyle = ink["chart-band"];
        ctx.fillRect(area.left, at(limits.high), area.width, at(limits.low) - at(limits.high));
      }
      if (live >= 0 && after > live) {
        ctx.fillStyle = ink.sunken;
        ctx.fillRect(edge(live), area.top, edge(after) - edge(live), area.height);
      }
      ctx.font = `12px ${font}`;
      ctx.textBaseline = "middle";
      ctx.strokeStyle = ink["chart-limit"];
      const { meanLabel = "", limitLabel = "" } = figure.dataset;
      for (const [value, name, dash] of [[limits.high, limitLabel, [5, 4]], [limits.mean, meanLabel, []], [limits.low, limitLabel, [5, 4]]]) {
        if (value === null) continue;
        ctx.setLineDash(dash);
        rule(ctx, area.left, at(value), area.right, at(value));
        ctx.fillStyle = ink.muted;
        ctx.fillText(`${name} ${figures(figure).format(value)}`, area.right + 8, at(value));
      }
      ctx.setLineDash([]);
      ctx.textBaseline = "bottom";
      if (live >= 0) {
        const right = edge(live) > area.left + area.width * 0.6;
        ctx.strokeStyle = ctx.fillStyle = ink.text;
        rule(ctx, edge(live), area.top - 6, edge(live), area.bottom);
        ctx.font = `600 12px ${font}`;
        ctx.textAlign = right ? "right" : "left";
        ctx.fillText((narrow() && figure.dataset.liveShort) || figure.dataset.live || "", edge(live), area.top - 9);
        ctx.textAlign = "left";
      }
      ctx.fillStyle = ink.muted;
      ctx.font = `12px ${font}`;
      if (!narrow()) ctx.fillText(figure.dataset.before ?? "", area.left, area.top - 9);
      ctx.restore();
    },
  });

  const xmr = (figure, ink, font, rows) => {
    const limits = { mean: number(figure.dataset.mean), low: number(figure.dataset.low), high: number(figure.dataset.high) };
    const after = rows.findIndex((row) => row.kind === "after");
    const late = (index) => after >= 0 && index >= after;
    const loose = (index) => rows[index].kind === "transition" || rows[index - 1]?.kind === "transition";
    const options = base(ink, font);
    options.layout = { padding: { top: 26, right: narrow() ? 70 : 80 } };
    options.plugins.tooltip.callbacks = { label: ({ dataIndex }) => rows[dataIndex].shown, afterLabel: ({ dataIndex }) => rows[dataIndex].signal };
    options.scales = {
      x: { grid: { display: false }, border: { color: ink["chart-limit"] }, ticks: words(ink, font, { autoSkipPadding: narrow() ? 18 : 28 }) },
      y: {
        ...span([...rows.map((row) => row.value), ...Object.values(limits)].filter((value) => value !== null)),
        border: { display: false }, grid: { color: ink["chart-grid"] }, ticks: words(ink, font, { maxTicksLimit: narrow() ? 5 : 8 }),
      },
    };
    return {
      type: "line", plugins: [frame(figure, ink, font, rows, limits)], options,
      data: { labels: rows.map((row) => row.label), datasets: [{
        data: rows.map((row) => row.value), borderWidth: 1.5, spanGaps: false,
        segment: {
          borderColor: ({ p1DataIndex }) => (late(p1DataIndex) ? ink["chart-after"] : ink["chart-point"]),
          borderDash: ({ p1DataIndex }) => (loose(p1DataIndex) ? [2, 3] : undefined),
        },
        pointRadius: rows.map((row) => (row.signal ? 4.5 : 3)), pointBorderWidth: rows.map((row) => (row.signal ? 2 : 0)),
        pointBackgroundColor: rows.map((row, index) => (row.signal ? ink.surface : late(index) ? ink["chart-after"] : ink["chart-point"])),
        pointBorderColor: rows.map((_, index) => (late(index) ? ink["chart-after"] : ink["chart-point"])),
      }] },
    };
  };

  const bars = (figure, ink, font, rows) => {
    const options = base(ink, font);
    const compared = rows.some((row) => row.compare !== null);
    options.indexAxis = "y";
    options.layout = { padding: { right: 56 } };
    options.plugins.tooltip.callbacks = { label: ({ dataIndex }) => rows[dataIndex].shown };
    options.scales = {
      x: { beginAtZero: true, border: { display: false }, grid: { color: ink["chart-grid"] }, ticks: words(ink, font, { maxTicksLimit: 6 }) },
      y: { grid: { display: false }, border: { color: ink["chart-limit"] }, ticks: words(ink, font, { color: ink.text, autoSkip: false }) },
    };
    const ends = {
      id: "ends",
      afterDatasetsDraw(chart) { write(chart.ctx, ink, font, rows, chart.getDatasetMeta(0)); },
    };
    const set = (data, backgroundColor) => ({ data, backgroundColor, barPercentage: 0.8, categoryPercentage: 0.78, maxBarThickness: 22, borderRadius: 2 });
    const datasets = [set(rows.map((row) => row.value), ink["chart-after"])];
    if (compared) datasets.push(set(rows.map((row) => row.compare), ink["chart-point"]));
    return { type: "bar", plugins: [ends], options, data: { labels: rows.map((row) => row.label), datasets } };
  };
  const write = (ctx, ink, font, rows, meta) => {
    ctx.save();
    ctx.font = `600 12px ${font}`;
    ctx.fillStyle = ink.text;
    ctx.textBaseline = "middle";
    meta.data.forEach((bar, index) => ctx.fillText(rows[index].shown, bar.x + 8, bar.y));
    ctx.restore();
  };

  const line = (figure, ink, font, rows) => {
    const options = base(ink, font);
    const compared = rows.some((row) => row.compare !== null);
    options.layout = { padding: { top: 8, right: 8 } };
    options.plugins.tooltip.callbacks = { label: ({ dataIndex }) => rows[dataIndex].shown };
    options.scales = {
      x: { grid: { display: false }, border: { color: ink["chart-limit"] }, ticks: words(ink, font, { autoSkipPadding: 24 }) },
      y: {
        ...span(rows.flatMap((row) => [row.value, row.compare]).filter((value) => value !== null)),
        border: { display: false }, grid: { color: ink["chart-grid"] }, ticks: words(ink, font, { maxTicksLimit: 6 }),
      },
    };
    // An empty `segment` makes Chart.js draw point by point, which svg.js can write down.
    const set = (data, borderColor, borderDash) => ({ data, borderColor, borderDash, segment: {}, borderWidth: 1.75, pointRadius: 2.5, pointBackgroundColor: borderColor, pointBorderWidth: 0 });
    const datasets = [set(rows.map((row) => row.value), ink["chart-after"])];
    if (compared) datasets.push(set(rows.map((row) => row.compare), ink["chart-compare"], [5, 4]));
    return { type: "line", options, data: { labels: rows.map((row) => row.label), datasets } };
  };

  const KINDS = { xmr, bars, line };
  const drawn = new Map();
  const plan = (figure, ink) => KINDS[figure.dataset.chart](figure, ink, typeface(), rowsOf(figure));
  const draw = () => {
    const ink = inks();
    for (const [figure, chart] of drawn) { chart.destroy(); drawn.delete(figure); }
    for (const figure of document.querySelectorAll("figure[data-chart]")) {
      const canvas = figure.querySelector("canvas"), count = rowsOf(figure).length;
      if (!canvas || !count || !KINDS[figure.dataset.chart]) continue;
      if (figure.dataset.chart === "bars") canvas.parentElement.style.height = `${count * 2.25 + 2.5}rem`;
      drawn.set(figure, new Chart(canvas, plan(figure, ink)));
    }
  };

  // ---- Keep a picture of it: PNG from the canvas, SVG drawn again by static/js/svg.js ----
  const hand = (blob, name) => {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const onPaper = (chart) => {
    const sheet = document.createElement("canvas"), ctx = sheet.getContext("2d");
    Object.assign(sheet, { width: chart.canvas.width, height: chart.canvas.height });
    ctx.fillStyle = inks().surface;
    ctx.fillRect(0, 0, sheet.width, sheet.height);
    ctx.drawImage(chart.canvas, 0, 0);
    return new Promise((done) => sheet.toBlob(done, "image/png"));
  };
  const toast = (text) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "good" } }));
  const keep = {
    async png(chart, figure) { hand(await onPaper(chart), `${figure.dataset.name}.png`); },
    async svg(chart, figure) {
      const ink = inks(), drawing = window.drawingAsSvg(plan(figure, ink), chart.width, chart.height, ink.surface);
      hand(new Blob([drawing], { type: "image/svg+xml" }), `${figure.dataset.name}.svg`);
    },
    async copy(chart) {
      await navigator.clipboard.write([new ClipboardItem({ "image/png": onPaper(chart) })]);
      toast(document.getElementById("program-words")?.dataset.copied);
    },
  };
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-chart-save]");
    const figure = button?.closest("figure[data-chart]");
    if (drawn.has(figure)) keep[button.dataset.chartSave](drawn.get(figure), figure);
  });

  // The table stands open until there is a chart to read instead.
  const fold = () => document.querySelectorAll("figure[data-chart]:not([data-folded])").forEach((figure) => {
    figure.dataset.folded = "";
    figure.querySelectorAll("details.twin").forEach((twin) => { twin.open = false; });
  });
  fold();
  document.fonts.ready.then(() => draw());
  document.addEventListener("htmx:afterSettle", () => { fold(); draw(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());
  new MutationObserver(() => draw()).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
})();
