// The mathematics of the figures: a line's squared loss, its Hessian, gradient descent, projection. No page, no drawing; float64.
// L(w, b) = 1/(2n) Σ (w xᵢ + b − yᵢ)², a quadratic of w̃ = (w, b): all of it is exact. tests/test_playable_maths.py compares it with torch.

const sum = (terms) => terms.reduce((total, term) => total + term, 0);
const mean = (terms) => sum(terms) / terms.length;

/** The residuals y − ŷ of a line. */
export const residuals = (x, y, w, b) => x.map((xi, i) => y[i] - (w * xi + b));

/** Half the mean of the squared residuals. */
export const loss = (x, y, w, b) => mean(residuals(x, y, w, b).map((r) => r * r)) / 2;

/** The Hessian of that loss: X̃ᵀX̃/n, as [[H₁₁, H₁₂], [H₁₂, H₂₂]]. */
export const hessian = (x) => gram([x, x.map(() => 1)]);

/** The line of least loss, [w, b]: least squares on x and a column of ones. */
export const bestLine = (x, y) => project(x, x.map(() => 1), y).w;

/** The eigenvalues of a symmetric 2 × 2 matrix, the smaller first, and its eigenvectors of length 1, in their order. */
export function eigen([[a, c], [, d]]) {
  const middle = (a + d) / 2, half = Math.hypot((a - d) / 2, c);
  const angle = Math.atan2(2 * c, a - d) / 2; // of the larger one's direction
  const large = middle + half, small = (a * d - c * c) / large; // middle − half would lose digits
  return { values: [small, large], vectors: [[-Math.sin(angle), Math.cos(angle)], [Math.cos(angle), Math.sin(angle)]] };
}

/** Points of the ellipse on which a quadratic with this Hessian lies `rise` above its minimum. */
export function ellipse(H, [w, b], rise, count = 72) {
  const { values, vectors: [u, v] } = eigen(H);
  const [p, q] = values.map((value) => Math.sqrt((2 * rise) / value));
  return Array.from({ length: count }, (_, k) => {
    const t = (2 * Math.PI * k) / count, s = p * Math.cos(t), r = q * Math.sin(t);
    return [w + s * u[0] + r * v[0], b + s * u[1] + r * v[1]];
  });
}

/** How far a quadratic with this Hessian lies above its minimum at a point: ½ eᵀHe. */
export function rise([[a, c], [, d]], best, point) {
  const e = point[0] - best[0], f = point[1] - best[1];
  return (a * e * e + 2 * c * e * f + d * f * f) / 2;
}

/** Gradient descent on it: the start, and the point after each step. */
export function descend([[a, c], [, d]], best, [w, b], lr, steps) {
  const path = [[w, b]];
  for (let t = 0; t < steps; t++) {
    const e = w - best[0], f = b - best[1];
    path.push([w -= lr * (a * e + c * f), b -= lr * (c * e + d * f)]);
  }
  return path;
}

/** The root mean square length of vectors. */
export const spread = (vectors) => Math.sqrt(mean(vectors.map((vector) => sum(vector.map((v) => v * v)))));

/** The mean excess loss on which SGD settles, for curvatures λₖ and example gradients of variance s²ₖ along their directions. */
export const plateau = (lr, B, curvatures, variances) => sum(variances.map((s2, k) => (lr * s2) / B / (2 - lr * curvatures[k]))) / 2;

export const dot = (a, b) => sum(a.map((ai, i) => ai * b[i]));
export const norm = (a) => Math.hypot(...a);

/** XᵀX/n, where X is given column by column. */
export const gram = (columns) => columns.map((a) => columns.map((b) => dot(a, b) / a.length));

/** Least squares on two columns, by QR: the prediction ŷ, the residual, and, where the columns are not parallel, weights and condition number. */
export function project(a, b, y) {
  const r11 = norm(a), q1 = a.map((ai) => ai / r11), r12 = dot(q1, b);
  const rest = b.map((bi, i) => bi - r12 * q1[i]), r22 = norm(rest);
  const parallel = r22 < 1e-12 * norm(b); // 0 but for rounding
  const q2 = rest.map((each) => (parallel ? 0 : each / r22)), along = dot(q1, y), across = dot(q2, y);
  const fit = q1.map((q, i) => along * q + across * q2[i]), residual = y.map((yi, i) => yi - fit[i]);
  if (parallel) return { fit, residual };
  const w2 = across / r22, [, large] = eigen([[r11 * r11, r11 * r12], [r11 * r12, r12 * r12 + r22 * r22]]).values;
  return { fit, residual, w: [(along - r12 * w2) / r11, w2], condition: large / (r11 * r22) };
}

/** What backward hands to each node: 1 to node 0, the loss, and on along the edges [from, to, derivative], parents first;
    null where no path leads. The node `cut` is detached. */
export function handDown(count, edges, cut) {
  const gradients = [1, ...Array(count - 1).fill(null)];
  for (const [from, to, derivative] of edges) if (to !== cut && gradients[from] !== null) gradients[to] += gradients[from] * derivative;
  return gradients;
}

/** ŷ⁽ⁱ⁾ − y⁽ʲ⁾ for all i and j: the table that (n, 1) − (n,) is broadcast to. */
export const pairs = (yHat, y) => yHat.map((prediction) => y.map((label) => prediction - label));

/** The mean of the squares of a table's numbers. */
export const meanSquare = (table) => mean(table.flat().map((each) => each * each));
