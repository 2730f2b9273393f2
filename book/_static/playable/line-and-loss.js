// A line among the data is a point over the loss: two sliders move both; one house's price can be changed.
import { play, set, show, word } from "./board.js";
import { bestLine, ellipse, hessian, loss, residuals } from "./maths.js";

play("line-and-loss", (figure, { area: x, price, outlier, levels, ...start }) => {
  const y = [...price], H = hessian(x);
  const data = figure.plot("The houses and the line", {
    x: [0.6, 3, "area (1,000 sq ft)"], y: [0, 600, "price (1,000 dollars)"],
  });
  const plane = figure.plot("The loss over w and b", { x: [0, 300, "w"], y: [-200, 400, "b"] });

  const squares = x.map(() => data.add("rect", "area residual"));
  const line = data.add("path", "line estimate");
  const houses = x.map(() => data.add("circle", "dot data", { r: 3.5 }));
  const contours = levels.map(() => plane.add("path", "line thin structure"));
  const names = levels.map((level) => word(plane.inside, 0, 0, "", "middle", "word structure"));
  const lowest = plane.add("path", "line truth");

  const free = (control) => control.input.addEventListener("input", () => (stay.checked = false));
  const w = figure.range("weight w", { min: 0, max: 300, step: 1, value: start.w, format: (v) => show(v, 4) });
  const b = figure.range("bias b", { min: -200, max: 400, step: 1, value: start.b, format: (v) => show(v, 4) });
  const sold = figure.range("price of the marked house", { min: 30, max: 600, step: 5, value: y[outlier], format: (v) => `${v}` });
  const stay = figure.check("keep to the lowest loss");
  [w, b].forEach(free);
  const mark = data.handle("data", (_, value) => (sold.value = Math.round(Math.max(value, 30) / 5) * 5));
  const point = plane.handle("estimate", (x, y) => ((w.value = x), (b.value = y), (stay.checked = false)));

  return () => {
    y[outlier] = sold.value;
    const best = bestLine(x, y);
    if (stay.checked) [w.value, b.value] = best;
    const r = residuals(x, y, w.value, b.value), L = loss(x, y, w.value, b.value), least = loss(x, y, ...best);
    const share = r[outlier] ** 2 / r.reduce((total, each) => total + each * each, 0);

    line.draw([0.6, 3].map((each) => [each, w.value * each + b.value]));
    x.forEach((each, i) => {
      houses[i].at(each, y[i]);
      const side = Math.abs(data.y(y[i]) - data.y(y[i] - r[i]));
      squares[i].at(each, Math.max(y[i], y[i] - r[i]));
      set(squares[i], { width: side, height: side });
    });
    mark.at(x[outlier], y[outlier]);
    levels.forEach((level, i) => {
      const rise = level - least;
      contours[i].draw(rise > 0 ? ellipse(H, best, rise) : [best], true);
      names[i].textContent = rise > 0 ? level : "";
      set(names[i], { x: plane.x(best[0]), y: plane.y(best[1] + Math.sqrt(2 * Math.max(rise, 0))) });
    });
    lowest.draw([[best[0] - 6, best[1]], [best[0] + 6, best[1]], best, [best[0], best[1] - 14], [best[0], best[1] + 14]]);
    point.at(w.value, b.value);
    return {
      numbers: { L, least, share, best },
      says: `ŷ = ${w.text} · area + ${b.text}: the loss is ${show(L, 4)}, half the mean area of the squares, at best ${show(least, 4)}. `
        + `The marked house makes ${Math.round(100 * share)} % of the sum of squares.`,
    };
  };
});
