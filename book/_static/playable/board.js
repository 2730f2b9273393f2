// What all figures that answer share: the element, its controls, its plots, and the sentence that says what is seen.
//
//   play("my-figure", (figure, data) => {          // data: what the page's cell handed to show_playable
//     const w = figure.range("weight w", { min: 0, max: 3, step: 0.1, value: 1 });
//     const plot = figure.plot("The line", { x: [0, 5, "area"], y: [0, 9, "price"] });
//     const line = plot.add("path", "line estimate");
//     return () => {                               // drawn anew, at most once a frame, whenever a control moves
//       line.draw([[0, 0], [5, 5 * w.value]]);
//       return { numbers: { w: w.value }, says: `The weight is ${w.text}.` };
//     };
//   });

const QUIET = 300; // ms without a change, before the sentence is said: a slider on its way is not talked over
const WIDTH = 352, HEIGHT = 250, LEFT = 48, RIGHT = 12, TOP = 24, BOTTOM = 38; // of a plot, in the units of its viewBox
let count = 0;

/** Define the element <name>: `build(figure, data)` makes its parts and returns `draw()`, which returns {numbers, says}. */
export function play(name, build) {
  customElements.define(name, class extends HTMLElement {
    connectedCallback() {
      if (this.board) return; // moved about, not new
      const data = this.querySelector("script");
      this.board = html("div", "playable-board", { role: "group", "aria-label": name.replaceAll("-", " ") });
      this.board.append((this.plots = html("div", "playable-plots")), (this.controls = html("div", "playable-controls")));
      this.board.append((this.status = html("p", "", { role: "status" })));
      this.draw = build(this, JSON.parse(data.textContent));
      this.show();
      this.append(this.board);
      this.classList.add("playing");
    }

    /** Draw in the next frame, once, however often it is asked for. */
    refresh() {
      this.frame ??= requestAnimationFrame(() => this.show());
    }

    show() {
      this.frame = null;
      const { numbers, says } = this.draw();
      const say = () => this.status.textContent !== says && (this.status.textContent = says);
      clearTimeout(this.quiet);
      if (this.numbers) this.quiet = setTimeout(say, QUIET);
      else say(); // at once: a paragraph that comes later would move the page
      this.numbers = numbers; // the tests compare them with torch
    }

    /** A slider. `format` makes its value a text; `value` may be set to what lies between its steps. */
    range(label, { min, max, step, value, format = String }) {
      const input = html("input", "", { type: "range", min, max, step });
      const shown = html("b", "", { "aria-hidden": true });
      const control = {
        input,
        get value() { return value; },
        set value(number) {
          value = number;
          input.value = number;
          input.ariaValueText = shown.textContent = format(number);
        },
        get text() { return shown.textContent; },
      };
      control.value = value;
      input.addEventListener("input", () => (control.value = input.valueAsNumber));
      this.control("range", input, label, shown, input);
      return control;
    }

    /** A box to tick; `.checked` tells whether it is. */
    check(label, checked = false) {
      const input = html("input", "", { type: "checkbox" });
      input.checked = checked;
      return this.control("check", input, input, label);
    }

    /** A choice of one of several texts; `.value` is the chosen one, `.selectedIndex` its place. */
    choice(label, texts, chosen = texts[0]) {
      const select = html("select");
      for (const text of texts) select.add(new Option(text, text, false, text === chosen));
      return this.control("choice", select, label, select);
    }

    control(kind, input, ...parts) {
      input.addEventListener("input", () => this.refresh());
      const row = html("label", `playable-${kind}`);
      row.append(...parts);
      this.controls.append(row);
      return input;
    }

    button(label, action) {
      const button = html("button", "", { type: "button" }, label);
      button.addEventListener("click", () => (action(), this.refresh()));
      this.controls.append(button);
      return button;
    }

    /** A plot with axes: x and y are [from, to, label, "log" or nothing]; labelled for those who do not see it. */
    plot(label, axes) {
      const plot = new Plot(this, label, axes);
      this.plots.append(plot.svg);
      return plot;
    }

    /** A drawing without axes, in units of its own. */
    drawing(label, width = WIDTH, height = HEIGHT) {
      const svg = element("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
      this.plots.append(svg);
      return svg;
    }
  });
}

class Plot {
  constructor(figure, label, { x, y }) {
    this.figure = figure;
    this.svg = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
    this.x = scale(x, LEFT, WIDTH - RIGHT);
    this.y = scale(y, HEIGHT - BOTTOM, TOP);
    for (const at of this.x.ticks) word(this.svg, this.x(at), HEIGHT - BOTTOM + 16, show(at));
    for (const at of this.y.ticks) word(this.svg, LEFT - 6, this.y(at) + 4, show(at), "end");
    add(this.svg, "path", "line thin structure", { d: `M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}` });
    word(this.svg, WIDTH - RIGHT, HEIGHT - 5, x[2], "end");
    word(this.svg, 2, 11, y[2], "start");
    const clip = `playable-${count++}`; // what leaves the plot is cut off
    add(add(this.svg, "clipPath", "", { id: clip }), "rect", "", { x: LEFT, y: TOP - 6, width: WIDTH - LEFT - RIGHT + 6, height: HEIGHT - BOTTOM - TOP + 6 });
    this.inside = add(this.svg, "g", "", { "clip-path": `url(#${clip})` });
  }

  /** Add a part that moves with the data: .draw(points) for a path, .at(x, y) for the rest, in the plot's own units. */
  add(tag, kind, attributes) {
    const part = add(this.inside, tag, kind, attributes);
    part.draw = (points, closed) => part.setAttribute("d", trace(points.map(([x, y]) => [this.x(x), this.y(y)])) + (closed ? "Z" : ""));
    part.at = (x, y) => set(part, tag === "circle" ? { cx: this.x(x), cy: this.y(y) } : { x: this.x(x), y: this.y(y) });
    return part;
  }

  /** A disc to drag, beside the sliders that do the same: `moved(x, y)` hears where it is dragged to. */
  handle(kind, moved) {
    const part = this.add("circle", `handle ${kind}`, { r: 8 });
    const move = (event) => {
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
      moved(this.x.invert(x), this.y.invert(y));
      this.figure.refresh();
    };
    part.addEventListener("pointerdown", (event) => {
      part.setPointerCapture(event.pointerId);
      part.addEventListener("pointermove", move);
    });
    part.addEventListener("lostpointercapture", () => part.removeEventListener("pointermove", move));
    return part;
  }
}

/** The function from an axis' numbers to the viewBox', with .invert and .ticks. */
function scale([from, to, , kind], start, end) {
  const of = kind === "log" ? Math.log10 : (v) => v;
  const a = of(from), b = of(to);
  const at = (v) => start + ((of(v) - a) / (b - a)) * (end - start);
  at.invert = (p) => {
    const v = Math.min(Math.max((p - start) / (end - start), 0), 1) * (b - a) + a;
    return kind === "log" ? 10 ** v : v;
  };
  const rough = (b - a) / 4, unit = 10 ** Math.floor(Math.log10(rough));
  const step = kind === "log" ? Math.ceil(rough) : unit * [1, 2, 5, 10].find((m) => m * unit >= rough * 0.999);
  at.ticks = [];
  for (let k = Math.ceil(a / step); k * step <= b + step * 1e-6; k++) at.ticks.push(kind === "log" ? 10 ** (k * step) : k * step);
  return at;
}

/** Numbers as the course prints them: `digits` significant ones, a true minus sign. */
export function show(v, digits = 3) {
  const short = +v.toPrecision(digits), size = Math.abs(v);
  return (v && (size >= 1e6 || size < 1e-4) ? short.toExponential().replace("+", "") : `${short}`).replaceAll("-", "−");
}

export const trace = (points) => "M" + points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");

export function set(part, attributes) {
  for (const name in attributes) part.setAttribute(name, attributes[name]);
  return part;
}

const element = (tag, attributes) => set(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes);

/** Add an SVG element; `kind` is its class: line, dot, area, handle, and what its colour means. */
export function add(parent, tag, kind, attributes = {}) {
  const part = element(tag, kind ? { class: kind, ...attributes } : attributes);
  parent.append(part);
  return part;
}

/** Add words at a place; `anchor` is where it is in them: start, middle, end. */
export function word(parent, x, y, words, anchor = "middle", kind = "") {
  const text = add(parent, "text", kind, { x, y, "text-anchor": anchor });
  text.textContent = words;
  return text;
}

export function html(tag, kind = "", attributes = {}, text = "") {
  const part = set(document.createElement(tag), attributes);
  part.className = kind;
  part.textContent = text;
  return part;
}
