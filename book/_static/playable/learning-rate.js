// The learning rate: the path over the loss, its loss at each step, and the factor by which a step multiplies each direction's error.
import { play, set, show, word } from "./board.js";
import { bestLine, descend, eigen, ellipse, hessian, loss, rise } from "./maths.js";

const TINY = 1e-9, TOP = 1e4;

play("learning-rate", (figure, { x, y, levels, ...first }) => {
  const H = hessian(x), lowest = bestLine(x, y), { values, vectors } = eigen(H);
  const limit = 2 / values[1], fastest = 2 / (values[0] + values[1]);
  const plane = figure.plot("The path over the loss", { x: [-5.2, 7.2, "w"], y: [-1, 7, "b"] });
  const curve = figure.plot("The loss at each step", { x: [0, 40, "step"], y: [1e-8, TOP, "loss − its minimum", "log"] });
  const rates = figure.plot("The factors over the rate", { x: [0, 1.4, "learning rate η"], y: [-1.6, 1, "factor 1 − ηλ"] });
  figure.plots.append(figure.controls);

  for (const level of levels) plane.add("path", "line thin structure").draw(ellipse(H, lowest, level), true);
  const path = plane.add("path", "line gradient"), dots = Array.from({ length: 41 }, () => plane.add("circle", "dot gradient"));
  const [u, v] = lowest;
  plane.add("path", "line estimate").draw([[u - 0.4, v], [u + 0.4, v], lowest, [u, v - 0.4], [u, v + 0.4]]);
  const losses = curve.add("path", "line residual");

  rates.add("path", "area structure").draw([[0, 1], [1.4, 1], [1.4, -1], [0, -1]], true);
  for (const value of values) rates.add("path", "line thin structure").draw([[0, 1], [1.4, 1 - 1.4 * value]]);
  const special = [1 / values[1], fastest, limit];
  for (const rate of special) rates.add("path", "line thin structure").draw([[rate, 1], [rate, -1.6]]);
  for (const [at, height, words, anchor] of [
    [special[0] + 0.02, -0.9, "1/λmax", "start"], [fastest - 0.02, -1.5, "fastest", "end"], [limit + 0.02, -0.1, "2/λmax", "start"],
    [0.3, 0.1, "steep", "end"], [1.38, 0.5, "flat", "end"],
  ]) word(rates.svg, rates.x(at), rates.y(height), words, anchor);
  const now = rates.add("path", "line gradient"), ends = values.map(() => rates.add("circle", "dot gradient", { r: 4.5 }));

  const lr = figure.range("learning rate η", { min: 0, max: 1.4, step: 0.01, value: first.lr, format: (v) => show(v, 4) });
  const steps = figure.range("steps", { min: 0, max: 40, step: 1, value: first.steps });
  const w = figure.range("start w", { min: -5, max: 7, step: 0.1, value: first.w, format: show });
  const b = figure.range("start b", { min: -1, max: 7, step: 0.1, value: first.b, format: show });
  const start = plane.handle("gradient", (...at) => ([w.value, b.value] = at.map((v) => Math.round(10 * v) / 10)));

  return () => {
    const near = lr.value = special.find((rate) => Math.abs(rate - lr.value) < 0.005) ?? lr.value; // exact, between two steps of the slider
    const factors = values.map((value) => 1 - near * value);
    const points = descend(H, lowest, [w.value, b.value], near, steps.value), end = points.at(-1);
    const above = points.map((point) => rise(H, lowest, point)), off = above.findIndex((each) => each > TOP);
    // the directions in which the start has an error, the steep one first
    const parts = [1, 0].filter((i) => Math.abs(vectors[i][0] * (w.value - u) + vectors[i][1] * (b.value - v)) > TINY);

    path.draw(points.filter(([at]) => Math.abs(at) < TOP));
    dots.forEach((dot, t) => set(dot, { r: points[t] ? 2.5 : 0 }).at(...(points[t] ?? end)));
    start.at(w.value, b.value);
    losses.draw(above.map((each, t) => [t, each + 1e-20]));
    now.draw([[near, 1], [near, -1.6]]);
    ends.forEach((dot, i) => dot.at(near, factors[i]));
    return {
      numbers: { eigenvalues: values, limit, fastest, factors, end, above: above.at(-1), L: loss(x, y, ...end) },
      says: `η = ${lr.text}: ${regime(parts.map((i) => factors[i]))}. Each step multiplies `
        + (parts.map((i) => `the ${["flat", "steep"][i]} error (λ = ${show(values[i])}) by ${show(+factors[i].toFixed(6))}`).join(", ") || "an error of 0")
        + `. After ${steps.text} steps the loss is ${show(above.at(-1))} above its minimum${off < 0 ? "" : `, out of the plot from step ${off}`}.`,
    };
  };
});

/** What becomes of an error whose directions have these factors, in words. */
function regime(factors) {
  const size = Math.max(...factors.map(Math.abs)), swings = Math.min(...factors) < -TINY, slow = size > 0.95;
  if (size > 1 + TINY) return "it diverges";
  if (size > 1 - TINY || size < 0) return swings ? "it swings for ever" : "it stands still";
  return swings ? `it swings and converges${slow ? ", slowly" : ""}` : slow ? "it crawls" : "it falls steadily";
}
