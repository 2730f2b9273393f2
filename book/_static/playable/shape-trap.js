// Predictions (n, 1) minus labels: with flat labels (n,) a table of all pairs, beside the column that was meant.
import { add, play, show, word } from "./board.js";
import { meanSquare, pairs } from "./maths.js";

play("shape-trap", (figure, { y_hat, y, n: start }) => {
  const svg = figure.drawing("Every difference that is taken", 352, 306);
  const n = figure.range("examples n", { min: 2, max: y.length, step: 1, value: start });
  const shape = figure.choice("shape of y", ["(n,)", "(n, 1)"]);

  return () => {
    const N = n.value, flat = shape.value === "(n,)";
    const yHat = y_hat.flat().slice(0, N), labels = y.slice(0, N), table = pairs(yHat, labels);
    const meant = table.map((row, i) => [row[i]]), result = flat ? table : meant, loss = meanSquare(result), right = meanSquare(meant);
    const column = `(${N}, 1)`, size = Math.min(66, 348 / (N + 2.7)); // of a cell; the columns are counted in cells
    const left = 176 - ((flat ? N + 2.7 : 3.6) * size) / 2, middle = 1.3 + (N - 1) / 2, bottom = 62 + N * size;

    const write = (at, y, words, kind) => word(svg, left + (at + 0.5) * size, y, words, "middle", kind);
    const cell = (at, row, number, frame, kind) => {
      const x = left + at * size + 2, y = 46 + row * size;
      if (frame) add(svg, "rect", frame, { x, y, width: size - 4, height: size - 4 });
      write(at, y + size / 2 + 2, show(number), kind);
    };
    const stack = (at, head, numbers, frame, kind) => {
      write(at, 36, head, kind);
      numbers.forEach((each, i) => cell(at, i, each, frame, kind));
      write(at, bottom, column);
    };

    const thick = "line area residual";
    svg.replaceChildren();
    stack(0, "ŷ", yHat, "", "word estimate");
    if (flat) {
      write(middle, 14, `y: (${N},)`, "word data");
      labels.forEach((each, j) => write(1.3 + j, 36, show(each), "word data"));
      table.forEach((row, i) => row.forEach((each, j) => cell(1.3 + j, i, each, i === j ? thick : "line thin structure")));
      write(middle, bottom, `ŷ − y: (${N}, ${N})`);
    } else stack(1.3, "y", labels, "", "word data");
    stack(flat ? N + 1.7 : 2.6, flat ? "meant" : "ŷ − y", meant.flat(), thick);
    return {
      numbers: { result, loss, right },
      says: (flat
        ? `${column} − (${N},) makes (${N}, ${N}): ${N * N} differences. Only the ${N} in thick frames were meant.`
        : `${column} − ${column} stays ${column}: each prediction meets its own label.`)
        + ` nn.MSELoss would report ${show(loss, 4)}${flat ? ` instead of ${show(right)}` : ", as it should"}.`,
    };
  };
});
