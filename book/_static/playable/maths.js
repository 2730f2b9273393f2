// The mathematics of the figures: a line's squared loss, its Hessian, gradient descent. No page, no drawing; float64.
// L(w, b) = 1/(2n) Σ (w xᵢ + b − yᵢ)², a quadratic of w̃ = (w, b): all of it is exact. tests/test_playable_maths.py compares it with torch.

const sum = (terms) => terms.reduce((total, term) => total + term, 0);
const mean = (terms) => sum(terms) / terms.length;

/** The residuals y − ŷ of a line. */
export const residuals = (x, y, w, b) => x.map((xi, i) => y[i] - (w * xi + b));

/** Half the mean of the squared residuals. */
export const loss = (x, y, w, b) => mean(residuals(x, y, w, b).map((r) => r * r)) / 2;

/** The Hessian of that loss: X̃ᵀX̃/n, as [[H₁₁, H₁₂], [H₁₂, H₂₂]]. */
export const hessian = (x) => [[mean(x.map((xi) => xi * xi)), mean(x)], [mean(x), 1]];

/** The line of least loss, [w, b], by the closed form for one feature. */
export function bestLine(x, y) {
  const mx = mean(x), my = mean(y);
  const w = sum(x.map((xi, i) => (xi - mx) * (y[i] - my))) / sum(x.map((xi) => (xi - mx) ** 2));
  return [w, my - w * mx];
}

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

/** What backward hands to each node: 1 to node 0, the loss, and on along the edges [from, to, derivative], parents first; null where no path leads. `cut` is detached. */
export function handDown(count, edges, cut) {
  const gradients = [1, ...Array(count - 1).fill(null)];
  for (const [from, to, derivative] of edges) if (to !== cut && gradients[from] !== null) gradients[to] += gradients[from] * derivative;
  return gradients;
}

/** ŷ⁽ⁱ⁾ − y⁽ʲ⁾ for all i and j: the table that (n, 1) − (n,) is broadcast to. */
export const pairs = (yHat, y) => yHat.map((prediction) => y.map((label) => prediction - label));

/** The mean of the squares of a table's numbers. */
export const meanSquare = (table) => mean(table.flat().map((each) => each * each));
