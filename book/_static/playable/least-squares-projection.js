// Three labels, their projection onto the plane of two columns, and what becomes of the weights as the columns turn parallel.
import { add, play, set, show, trace, word } from "./board.js";
import { dot, norm, project } from "./maths.js";

const UNIT = 20, HALF = 5.6; // of the drawing, in pixels; of the plane's patch, in the units of the data
const times = (s, a) => a.map((ai) => s * ai);
const plus = (a, b) => a.map((ai, i) => ai + b[i]);

play("least-squares-projection", (figure, { x, beside, length, y: labels, angle, axes, view }) => {
  const svg = figure.drawing("The columns in their plane, labels, prediction, residual");
  svg.style.overflow = "hidden"; // the weights run away
  const patch = add(svg, "path", "area structure"), sum = add(svg, "path", "line thin estimate dashed"), corner = add(svg, "path", "line thin structure");
  const first = arrow(svg, "structure", "x", 1), second = arrow(svg, "structure", "c", -1), down = arrow(svg, "estimate", "ŷ");
  const across = arrow(svg, "residual", "r", 1, 0.5), free = arrow(svg, "data", "y");
  const number = (v) => show(+v.toFixed(9));
  const turn = figure.range("angle between the columns", { min: 0, max: 90, step: 0.1, value: angle, format: (v) => `${show(v)}°` });
  const label = figure.range("label of the second example", { min: 0, max: 8, step: 0.1, value: labels[1] });
  const look = figure.range("turn of the view", { min: -180, max: 180, step: 2, value: view, format: (v) => `${number(v)}°` });

  return () => {
    const [phi, around] = [turn, look].map((each) => each.value * Math.PI / 180), zero = [0, 0, 0];
    const c = times(length, plus(times(Math.cos(phi) / norm(x), x), times(Math.sin(phi), beside)));
    const { fit, residual, w, condition } = project(x, c, [labels[0], label.value, labels[2]]);
    const size = norm(residual), dots = [dot(residual, x), dot(residual, c)], y = plus(fit, residual);

    const onPaper = (v) => {
      const [p, q, up] = axes.map((axis) => dot(axis, v)), sin = Math.sin(around), cos = Math.cos(around);
      return [176 + UNIT * (p * cos - q * sin), 168 - UNIT * ((p * sin + q * cos) / 2 + up * Math.sqrt(3) / 2)]; // seen from 30° above
    };
    const draw = (path, ...points) => set(path, { d: trace(points.map(onPaper)) });
    const flat = ([p, q]) => plus(times(HALF * p, axes[0]), times(HALF * q, axes[1]));
    draw(patch, ...(w ? [[1, 1], [1, -1], [-1, -1], [-1, 1], [1, 1]].map(flat) : [times(-2, x), times(2, x)]));
    draw(sum, zero, w ? times(w[0], x) : zero, fit);
    const back = times(1 - 0.4 / norm(fit), fit), up = times(Math.min(0.4 / size, 1), residual);
    draw(corner, back, plus(back, up), plus(fit, up));
    const arrows = [[first, zero, x], [second, zero, c], [down, zero, fit], [across, fit, y], [free, zero, y]];
    for (const [move, from, to] of arrows) move(onPaper(from), onPaper(to));
    return {
      numbers: { w, fit, residual: size, dots, condition },
      says: (w
        ? `w₁ = ${number(w[0])}, w₂ = ${number(w[1])}${norm(w) > 100 ? ": the weights run away" : ""}. `
        : "The columns are parallel: XᵀX has no inverse, the closed form no answer; infinitely many weights are best. ")
        + `ŷ = (${fit.map(number).join(", ")}); the residual, ${number(size)} long, has the dot products ${dots.map(number).join(" and ")} with the columns.`
        + (w ? ` Their condition number is ${show(condition)}.` : ""),
    };
  };
});

/** An arrow and its word, beyond the tip or on one side of the arrow, `at` the tip (1) or the middle (0.5): the function that draws them. */
function arrow(svg, kind, text, side = 0, at = 1) {
  const path = add(svg, "path", `line ${kind}`), name = word(svg, 0, 0, text);
  return ([x, y], [u, v]) => {
    const length = Math.hypot(u - x, v - y) || 1, p = (u - x) / length, q = (v - y) / length, head = Math.min(9, length);
    const wing = (side) => [u - head * (p - side * q), v - head * (q + side * p)];
    set(path, { d: trace([[x, y], [u, v], wing(0.4), [u, v], wing(-0.4)]) });
    set(name, { x: x + at * (u - x) + 12 * (side ? -side * q : p), y: y + at * (v - y) + 4 + 12 * (side ? side * p : q) });
  };
}
