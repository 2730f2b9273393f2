// Two columns of the real houses, raw or standardised, beside the loss over their two weights: which step rounds the ellipse?
import { add, play, set, show, trace, word } from "./board.js";
import { descend, eigen, ellipse, gram, norm } from "./maths.js";

const STEPS = 30;

play("scaled-features", (figure, { names, columns, mean, std, best, pairs }) => {
  const houses = square(figure, "The houses", "M0 168H300M150 18V318");
  const plane = square(figure, "The loss over the two weights");
  const cloud = houses.part("dots data");
  const contours = [0.25, 0.5, 1].map((size) => [size, plane.part("line thin structure")]);
  const path = plane.part("line gradient"), stops = plane.part("dots gradient"), start = word(plane.svg, 0, 0, "start", "start");
  plane.part("dots estimate", "M150 168h0");
  word(plane.svg, 159, 172, "minimum", "start");

  const pair = figure.choice("columns", pairs.map((pair) => pair.map((j) => names[j]).join(" and ")));
  const centred = figure.check("take the means away");
  const power = figure.range("divide by", {
    min: 0, max: 1, step: 0.01, value: 0,
    format: (t) => pairs[pair.selectedIndex].filter((j) => mean[j]).map((j) => show(std[j] ** t)).join(" and "),
  });

  return () => {
    const chosen = pairs[pair.selectedIndex], off = +centred.checked;
    power.value = power.value; // says by what the chosen ones are divided
    const units = chosen.map((j) => std[j] ** power.value);
    const Z = chosen.map((j, i) => columns[j].map((x) => (x - off * mean[j]) / units[i]));
    const H = gram(Z), { values } = eigen(H), [small, large] = values;
    const kappa = large / small, limit = 2 / large, cosine = H[0][1] / Math.sqrt(H[0][0] * H[1][1]);
    const errors = descend(H, [0, 0], chosen.map((j, i) => -best[off][j] * units[i]), 1 / large, STEPS);
    const far = norm(errors[0]), left = norm(errors[STEPS]) / far;

    houses.frame(Math.max(...Z.flat().map(Math.abs)), chosen.map((j) => names[j]));
    cloud.dots(Z[0].map((z, i) => [z, Z[1][i]]));
    plane.frame(1.1 * far, chosen.map((j) => `weight of ${names[j]}`));
    for (const [size, contour] of contours) contour.draw(ellipse(H, [0, 0], small * (size * 1.1 * far) ** 2 / 2), "Z"); // the longest as long as the square
    path.draw(errors);
    stops.dots(errors);
    const [x, y] = plane.place(errors[0]);
    set(start, { x: x + 9, y: y + 4 });
    return {
      numbers: { values, kappa, limit, cosine, left },
      says: `λ from ${show(small)} to ${show(large)}, κ = ${show(kappa)}: the contours are `
        + (kappa < 1.0001 ? "circles. " : `${show(Math.sqrt(kappa))} times as long as wide. `)
        + `Rates below ${show(limit)} converge; ${STEPS} updates at half of that leave ${(100 * left).toFixed(1)} % of the distance. `
        + `${off ? "Correlation" : "Cosine between the columns"}: ${show(+cosine.toFixed(3))}.`,
    };
  };
});

/** A square drawing around the origin, as wide as frame() last said. */
function square(figure, label, cross = "") {
  const svg = figure.drawing(label, 300, 336);
  const words = [[298, 330, "end"], [2, 13, "start"], [2, 330, "start"]].map(([x, y, anchor]) => word(svg, x, y, "", anchor));
  add(svg, "path", "line thin structure", { d: `M0 18H300V318H0Z${cross}` });
  let edge;
  const place = ([x, y]) => [150 + 150 * x / edge, 168 - 150 * y / edge];
  return {
    svg, place,
    part(kind, d = "") {
      const part = add(svg, "path", kind, { d });
      part.draw = (points, end = "") => set(part, { d: trace(points.map(place)) + end });
      part.dots = (points) => set(part, { d: points.map((point) => trace([place(point)]) + "h0").join("") });
      return part;
    },
    frame(reach, names) {
      edge = reach;
      [...names, `edges at ±${show(reach)}`].forEach((text, i) => (words[i].textContent = text));
    },
  };
}
