// The record of a forward pass, drawn from its nodes: values step by step, then what backward hands down, and what .grad holds.
import { add, play, set, show, word } from "./board.js";
import { handDown } from "./maths.js";

play("backward-graph", (figure, { op, names, values: results, corners, edges, paths, labels, words, dotted, cut }) => {
  const svg = figure.drawing("The graph, from the loss to the leaves", 352, 402);
  const nodes = [...op.keys()], leaf = (i) => op[i] === "AccumulateGrad", say = (v) => (v == null ? "None" : show(v, 4));
  const made = nodes.filter((i) => !leaf(i)).reverse(), F = made.length; // backward visits them in the opposite order

  add(svg, "path", "line thin structure", { d: dotted, "stroke-dasharray": 2 });
  const arrows = edges.map((_, j) => [add(svg, "path"), word(svg, ...labels[j], "", "start")]);
  const boxes = corners.map(([x, y], i) => [
    add(svg, "rect", "", { x, y, width: 116, height: leaf(i) ? 48 : 34 }), word(svg, x + 58, y + 29, ""), word(svg, x + 58, y + 43, ""),
  ]);
  for (const each of words) word(svg, ...each);

  let before = op.map(() => null), grad; // .grad before this pass, and now
  const begin = (held) => ((before = held), (step.value = 0));
  const step = figure.range("step", {
    min: 0, max: F + op.length, step: 1, value: F + op.length, format: (k) => (k > F ? `backward ${k - F}` : k ? `forward ${k}` : "start"),
  });
  const detach = figure.check(`use ${names[cut]}.detach()`);
  figure.button("new forward", () => begin(grad));
  figure.button("zero_grad, new forward", () => begin(op.map(() => null)));

  return () => {
    const off = detach.checked ? cut : -1, all = handDown(op.length, edges, off), order = nodes.filter((i) => all[i] !== null);
    const last = F + order.length, k = (step.value = Math.min(step.value, (step.input.max = last))), back = k > F;
    const now = back ? order[k - F - 1] : made[k - 1], name = names[now], g = say(all[now]);
    const values = results.map((v, i) => (leaf(i) || made.indexOf(i) < k ? v : null));
    const gradients = all.map((v, i) => (order.indexOf(i) < k - F ? v : null));
    grad = before.map((held, i) => (leaf(i) && gradients[i] !== null ? held + all[i] : held));

    const passes = [];
    edges.forEach(([from, to, derivative], j) => {
      const [line, label] = arrows[j], arrived = gradients[to] !== null, d = say(derivative), part = say(all[to]);
      const kind = arrived ? "gradient" : "thin structure";
      set(line, { d: paths[j] + (arrived ? "m-4 -7l4 7l4 -7" : ""), class: `line ${kind}`, "stroke-dasharray": to === off ? 3 : 0 });
      set(label, { class: arrived ? "word gradient" : "" });
      label.textContent = to === off ? "detached" : values[from] === null ? "" : `· ${d}${arrived ? ` → ${part}` : ""}`;
      if (from === now) passes.push(to === off ? `nothing to ${names[to]}` : `${g} · ${derivative < 0 ? `(${d})` : d} = ${part} to ${names[to]}`);
    });
    boxes.forEach(([box, value, held], i) => {
      set(box, { class: i === now ? `line area ${back ? "gradient" : "estimate"}` : "line thin structure" });
      value.textContent = names[i] + (values[i] === null ? "" : ` = ${say(values[i])}`);
      if (leaf(i)) held.textContent = `${names[i]}.grad = ${say(grad[i])}`;
    });

    return {
      numbers: { values, gradients, grad },
      says: (!k ? "Nothing is computed yet. Each .grad holds what it held before."
        : !back ? `Forward: ${name} = ${say(results[now])}, and ${op[now]} is recorded.`
        : leaf(now) ? `AccumulateGrad adds ${g} to ${name}.grad, which held ${say(before[now])}: now ${say(grad[now])}.`
        : `${op[now]} of ${name} receives ${g} and passes ${passes.join(" and ")}.`)
        + (k < last ? "" : off < 0 ? " The end." : ` The end: no path leads to ${names[off]} and what lies behind it.`),
    };
  };
});
