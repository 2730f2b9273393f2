// The noise of minibatches: their gradients at the minimum, the path of a run of SGD, and the plateau on which its loss stays.
import { play, show, word } from "./board.js";
import { ellipse, plateau, spread } from "./maths.js";

const SIZES = ["1", "10", "100"], RATES = ["0.03", "0.3"], LATE = 500; // of runs and clouds; the update from which a run's plateau is measured

play("minibatch-noise", (figure, { clouds, updates, paths, logs, lowest, variance, curvatures, variances }) => {
  const cloud = figure.plot("Minibatch gradients at the minimum", {
    x: [-0.056, 0.056, "gradient by w₁"], y: [-0.036, 0.036, "gradient by w₂, at the minimum"],
  });
  const plane = figure.plot("The run's path", { x: [-2.5, 7.5, "w₁"], y: [-5.5, 1, "w₂"] });
  const curve = figure.plot("The run's excess loss", { x: [0, 1000, "updates"], y: [1e-9, 100, "excess loss", "log"] });
  figure.plots.append(figure.controls);

  const dots = clouds[0].map(() => cloud.add("circle", "dot gradient", { r: 2, "fill-opacity": 0.5 }));
  const circle = cloud.add("path", "line structure dashed");
  const path = plane.add("path", "line thin gradient");
  plane.add("circle", "dot estimate", { r: 4 }).at(...lowest);
  word(plane.svg, plane.x(lowest[0]) - 8, plane.y(lowest[1]) + 4, "minimum", "end");
  const losses = curve.add("path", "line thin residual"), measured = curve.add("path", "line residual");
  const predicted = curve.add("path", "line structure dashed");

  const size = figure.choice("batch size B", SIZES, "10");
  const rate = figure.choice("learning rate η", RATES);
  const seed = figure.choice("seed", ["0", "1"]);

  return () => { // the data are whole numbers, which keep the page light
    const B = +size.value, lr = +rate.value, gradients = clouds[size.selectedIndex].map((g) => g.map((v) => v / 1e4));
    const at = (all) => all[rate.selectedIndex][size.selectedIndex][seed.selectedIndex];
    const excess = at(logs).map((log) => 10 ** (log / 100)), late = excess.filter((_, k) => updates[k] >= LATE);
    const numbers = {
      spread: spread(gradients), law: Math.sqrt(variance / B),
      measured: late.reduce((total, each) => total + each, 0) / late.length, predicted: plateau(lr, B, curvatures, variances),
    };
    dots.forEach((dot, i) => dot.at(...gradients[i]));
    circle.draw(ellipse([[1, 0], [0, 1]], [0, 0], numbers.law ** 2 / 2), true);
    path.draw(at(paths).map(([v, w]) => [v / 100, w / 100]));
    losses.draw(excess.map((each, k) => [updates[k], each]));
    measured.draw([[LATE, numbers.measured], [1000, numbers.measured]]);
    predicted.draw([[0, numbers.predicted], [1000, numbers.predicted]]);
    return {
      numbers,
      says: `B = ${B}, η = ${lr}: at the minimum the gradients are ${show(numbers.spread, 2)} from 0 `
        + `in the root mean square (dashed: formula, ${show(numbers.law, 2)}). `
        + `From update ${LATE} on the excess loss is ${show(numbers.measured, 2)} on average (dashed: predicted, ${show(numbers.predicted, 2)}).`,
    };
  };
});
