// A chart as SVG: it is drawn once more with a pen that writes shapes down instead of pixels.
(() => {
  const escaped = (text) => String(text).replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);
  const round = (value) => Math.round(value * 100) / 100;

  class Pen {
    constructor(canvas, width, height) {
      Object.assign(this, { canvas, width, height, shapes: [], defs: [], stack: [], path: [] });
      this.ruler = document.createElement("canvas").getContext("2d");
      this.state = {
        m: [1, 0, 0, 1, 0, 0], clip: "", fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, font: "10px sans-serif",
        textAlign: "start", textBaseline: "alphabetic", globalAlpha: 1, lineCap: "butt", lineJoin: "miter", dash: [], lineDashOffset: 0,
        miterLimit: 10, shadowBlur: 0, shadowColor: "", globalCompositeOperation: "source-over", direction: "ltr",
      };
    }
    save() { this.stack.push({ ...this.state, m: [...this.state.m] }); }
    restore() { this.state = this.stack.pop() ?? this.state; }
    transform(a, b, c, d, e, f) {
      const [A, B, C, D, E, F] = this.state.m;
      this.state.m = [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
    }
    setTransform(a, b, c, d, e, f) { this.state.m = [a, b, c, d, e, f]; }
    resetTransform() { this.state.m = [1, 0, 0, 1, 0, 0]; }
    translate(x, y) { this.transform(1, 0, 0, 1, x, y); }
    scale(x, y) { this.transform(x, 0, 0, y, 0, 0); }
    rotate(turn) { this.transform(Math.cos(turn), Math.sin(turn), -Math.sin(turn), Math.cos(turn), 0, 0); }
    at(x, y) {
      const [a, b, c, d, e, f] = this.state.m;
      return `${round(a * x + c * y + e)} ${round(b * x + d * y + f)}`;
    }
    beginPath() { this.path = []; }
    closePath() { this.path.push("Z"); }
    moveTo(x, y) { this.path.push(`M${this.at(x, y)}`); }
    lineTo(x, y) { this.path.push(`${this.path.length ? "L" : "M"}${this.at(x, y)}`); }
    bezierCurveTo(a, b, c, d, x, y) { this.path.push(`C${this.at(a, b)} ${this.at(c, d)} ${this.at(x, y)}`); }
    quadraticCurveTo(a, b, x, y) { this.path.push(`Q${this.at(a, b)} ${this.at(x, y)}`); }
    rect(x, y, w, h) { this.moveTo(x, y); this.lineTo(x + w, y); this.lineTo(x + w, y + h); this.lineTo(x, y + h); this.closePath(); }
    arc(x, y, r, from, to) { this.ellipse(x, y, r, r, 0, from, to); }
    ellipse(x, y, rx, ry, _turn, from, to) {
      const whole = Math.abs(to - from) >= 2 * Math.PI - 1e-6, end = whole ? from + Math.PI : to;
      const point = (angle) => this.at(x + rx * Math.cos(angle), y + ry * Math.sin(angle));
      const sweep = to >= from ? 1 : 0, large = !whole && Math.abs(to - from) > Math.PI ? 1 : 0;
      this.path.push(`${this.path.length ? "L" : "M"}${point(from)}`, `A${rx} ${ry} 0 ${large} ${sweep} ${point(end)}`);
      if (whole) this.path.push(`A${rx} ${ry} 0 0 ${sweep} ${point(from)}`);
    }
    clip() {
      const id = `c${this.defs.length}`;
      this.defs.push(`<clipPath id="${id}"><path d="${this.path.join("")}"/></clipPath>`);
      this.state.clip = ` clip-path="url(#${id})"`;
    }
    put(shape) { this.shapes.push(shape); }
    fill() {
      const { fillStyle, globalAlpha, clip } = this.state;
      if (this.path.length) this.put(`<path d="${this.path.join("")}" fill="${escaped(fillStyle)}" fill-opacity="${globalAlpha}"${clip}/>`);
    }
    stroke() {
      const { strokeStyle, lineWidth, lineCap, lineJoin, dash, globalAlpha, clip } = this.state;
      if (!this.path.length || !lineWidth) return;
      this.put(`<path d="${this.path.join("")}" fill="none" stroke="${escaped(strokeStyle)}" stroke-width="${lineWidth}" stroke-linecap="${lineCap}" `
        + `stroke-linejoin="${lineJoin}" stroke-dasharray="${dash.join(" ") || "none"}" stroke-opacity="${globalAlpha}"${clip}/>`);
    }
    kept(run) { const path = this.path; this.path = []; run(); this.path = path; }
    fillRect(x, y, w, h) { this.kept(() => { this.rect(x, y, w, h); this.fill(); }); }
    strokeRect(x, y, w, h) { this.kept(() => { this.rect(x, y, w, h); this.stroke(); }); }
    clearRect() { this.shapes = []; }
    setLineDash(dash) { this.state.dash = [...dash]; }
    getLineDash() { return this.state.dash; }
    measureText(text) { this.ruler.font = this.state.font; return this.ruler.measureText(text); }
    strokeText() {}
    fillText(text, x, y) {
      const { m, font, fillStyle, textAlign, textBaseline, globalAlpha } = this.state;
      this.ruler.font = font;
      const { fontSize, fontWeight, fontFamily } = Object.assign(document.createElement("i").style, { font });
      const anchor = { left: "start", start: "start", center: "middle", right: "end", end: "end" }[textAlign];
      const size = parseFloat(fontSize) || 12, shift = { middle: 0.35, top: 0.8, hanging: 0.8, bottom: -0.2 }[textBaseline] ?? 0;
      this.put(`<text transform="matrix(${m.map(round).join(" ")})" x="${round(x)}" y="${round(y + size * shift)}" text-anchor="${anchor}" font-size="${size}" `
        + `font-weight="${fontWeight || 400}" font-family="${escaped(fontFamily)}" fill="${escaped(fillStyle)}" fill-opacity="${globalAlpha}">${escaped(text)}</text>`);
    }
    drawing(ground) {
      const size = `width="${this.width}" height="${this.height}" viewBox="0 0 ${this.width} ${this.height}"`;
      return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><defs>${this.defs.join("")}</defs>`
        + `<rect width="100%" height="100%" fill="${escaped(ground)}"/>${this.shapes.join("")}</svg>\n`;
    }
  }
  for (const name of ["fillStyle", "strokeStyle", "lineWidth", "font", "textAlign", "textBaseline", "globalAlpha", "lineCap", "lineJoin",
    "lineDashOffset", "miterLimit", "shadowBlur", "shadowColor", "globalCompositeOperation", "direction"]) {
    Object.defineProperty(Pen.prototype, name, { get() { return this.state[name]; }, set(value) { this.state[name] = value; } });
  }

  /** The SVG text of a Chart.js configuration, `width` by `height`, on `ground`. */
  window.drawingAsSvg = (config, width, height, ground) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = new Pen(canvas, width, height);
    canvas.getContext = () => pen;
    const options = { ...config.options, responsive: false, devicePixelRatio: 1 };
    const chart = new Chart(canvas, { ...config, options });
    chart.draw();
    const drawing = pen.drawing(ground);
    chart.destroy();
    return drawing;
  };
})();
