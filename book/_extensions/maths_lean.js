// Says what KaTeX has set in fewer elements, for maths.js: a long page has 25,000 of its spans, which a phone takes a second over.
// What no rule of the stylesheet names goes; sizes and spaces become styles of what they apply to; letters that stand above or
// below others are moved there, where KaTeX builds a table. Whatever is not known here stays as KaTeX made it.
const SIZES = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.44, 1.728, 2.074, 2.488]; // KaTeX's size1 to size11
const LINE = { height: 0.9, depth: 0.28 }; // that a line of KaTeX_Main has anyway
const PICKY = ["vlist", "mfrac", "delim-size1", "delim-size4", "katex-inner"]; // with rules for the span, whichever, inside
const SPACES = { mspace: 0, nulldelimiter: 0.12 }; // and their widths
const FONT = /^(math|text|ams|boldsymbol|mainrm)/;
const LENGTHS = ["top", "marginLeft", "marginRight"];

const em = (length) => (/^-?[\d.]+em$/.test(length) ? parseFloat(length) : NaN);
const toEm = (number) => `${+number.toFixed(3)}em`; // to 0.02 of a pixel
const short = (value) => (Number.isNaN(em(value)) ? value : toEm(em(value)).replace(/^(-?)0\./, "$1."));
const isEmpty = (object) => Object.values(object).every((value) => !value);
const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const hyphenate = (name) => name.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase());
const isSpan = (node) => node.classes && (node.children || typeof node.text === "string") && !node.href;
const hasPicture = (node) => !isSpan(node) || (node.children || []).some(hasPicture);

function write(node) {
  if (typeof node === "string") return escape(node);
  if (node.raw) return node.raw;
  const style = Object.entries(node.style).filter(([, value]) => value && value !== "0em").map(([name, value]) => `${hyphenate(name)}:${short(value)}`);
  const attributes = { class: node.classes.join(" "), style: style.join(";"), ...node.attributes };
  const written = Object.entries(attributes).filter(([, value]) => value).map(([name, value]) => ` ${name}="${escape(value)}"`);
  return `<span${written.join("")}>${node.children.map(write).join("")}</span>`;
}

// Tells whether a node is a table whose rows are moved by `top`, each with a strut that gives its line a height.
function isTable(node) {
  if (!node.classes.includes("vlist-t") || !isEmpty(node.style) || hasPicture(node)) return false;
  const rows = node.children[0].children[0].children;
  return rows.length > 0 && rows.every((row) => !Number.isNaN(em(row.style.top) + em(row.children[0]?.style.height)));
}

// Lean nodes: a string, {raw} markup, or {classes, style, attributes, children}.
class Lean {
  constructor(css) {
    this.named = new Set([...css.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(([, name]) => name));
  }

  // The lean nodes for a node of KaTeX's; it and what is in it stays a span, down to the level `kept`.
  nodes(node, kept = 0) {
    if (!isSpan(node)) return [{ raw: node.toMarkup() }];
    if (isTable(node)) return this.stacked(node);
    const box = this.box(node);
    const inside = PICKY.some((name) => node.classes.includes(name)) ? 2 : kept - 1;
    box.children = node.text ? [node.text] : spaced((node.children || []).flatMap((child) => this.nodes(child, inside)));
    if (box.classes.join() === "msupsub" && box.children.length === 1 && box.children[0].classes?.[0] === "moved") box.classes = [];
    this.join(box);
    const bare = !box.classes.length && isEmpty(box.style) && isEmpty(box.attributes);
    return bare && kept < 1 ? box.children : [box];
  }

  box(node) {
    const box = { classes: node.classes.filter((name) => this.named.has(name)), style: { ...node.style }, attributes: { ...node.attributes }, children: [] };
    if (node.italic > 0) box.style.marginRight = toEm(node.italic);
    const [from, to] = [/^reset-size(\d+)$/, /^size(\d+)$/].map((form) => node.classes.map((name) => form.exec(name)?.[1]).find(Boolean));
    if (from) {
      box.style = { fontSize: toEm(SIZES[to] / SIZES[from]), ...box.style };
      box.classes = box.classes.filter((name) => !/^(katex-sizing|fontsize-ensurer|(reset-)?size\d+)$/.test(name));
    }
    return box;
  }

  // Let a box have the font of all that is in it.
  join(box) {
    const [only, ...others] = box.children;
    if (others.length || !only?.classes?.length || !only.classes.every((name) => FONT.test(name)) || !isEmpty(only.style)) return;
    box.classes.push(...only.classes);
    box.children = only.children;
  }

  // A table of KaTeX's, whose rows are moved by `top`: one row moves by itself, several lie over each other and move.
  stacked(table) {
    const rows = table.children[0].children[0].children.map((row) => this.row(row)).filter((row) => row.children.length);
    if (rows.length !== 1) return [{ classes: ["vlist-t", "stack"], style: {}, attributes: {}, children: rows }];
    rows[0].classes.unshift("moved");
    return rows;
  }

  row(row) {
    const [strut, ...content] = row.children;
    const box = this.box(row);
    box.style.top = toEm(em(row.style.top) + em(strut.style.height));
    box.children = spaced(content.flatMap((child) => this.nodes(child)));
    this.join(box);
    const [only] = box.children; // a size, most often
    if (box.children.length !== 1 || !only.style?.fontSize || LENGTHS.some((name) => only.style[name])) return box;
    for (const name of LENGTHS) if (box.style[name]) box.style[name] = toEm(em(box.style[name]) / em(only.style.fontSize));
    return { ...only, style: { ...only.style, ...box.style }, classes: [...box.classes, ...only.classes] };
  }
}

// The nodes, with each space as a margin of what stands before it, or else after it, and strings joined.
function spaced(nodes) {
  const result = [];
  for (const node of nodes) {
    const before = result.at(-1);
    if (typeof node === "string" && typeof before === "string") result.push(result.pop() + node);
    else if (isSpace(node) && canWiden(before, "marginRight")) result.push(widened(result.pop(), "marginRight", width(node)));
    else if (result.length === 1 && isSpace(before) && canWiden(node, "marginLeft")) result.push(widened(node, "marginLeft", width(result.pop())));
    else result.push(node);
  }
  return result;
}

const isSpace = (node) => node?.classes?.join() in SPACES && !node.children.length && Object.keys(node.style).every((name) => ["fontSize", "marginRight"].includes(name));
const width = ({ classes, style }) => (SPACES[classes.join()] + em(style.marginRight || "0em")) * em(style.fontSize || "1em");
const canWiden = (node, side) => typeof node === "string" || (node?.style && !isSpace(node) && !Number.isNaN(em(node.style[side] || "0em")));

function widened(node, side, by) {
  const box = typeof node === "string" ? { classes: [], style: {}, attributes: {}, children: [node] } : node;
  return { ...box, style: { ...box.style, [side]: toEm(em(box.style[side] || "0em") + by / em(box.style.fontSize || "1em")) } };
}

// The HTML of a formula: KaTeX's .katex-html. One that cannot be broken is one box.
function leanHtml(html, display, lean) {
  const [box] = lean.nodes(html, 1);
  html.children.forEach((base, i) => {
    const strut = base.children[0];
    const isNeedless = strut?.classes.includes("katex-strut") && base.height <= LINE.height && base.depth <= LINE.depth;
    if (isNeedless && !box.children[i].children[0].style.marginRight) box.children[i].children.shift();
  });
  const [only, ...others] = box.children;
  const whole = !display && !others.length && only?.classes?.join() === "katex-base";
  if (!whole) return write(box);
  lean.join(only);
  return write({ ...only, classes: ["katex-html", ...only.classes], attributes: box.attributes });
}

const ROWS = ["math", "mtd", "mrow", "mstyle", "msqrt"]; // elements of MathML that are a row without saying so
const LOOKS = ["scriptlevel", "displaystyle"];

// MathML, which is there to be heard, without the copy of its TeX, rows within rows, sizes and gaps.
function leanMathml(mathml) {
  const [math] = mathml.children;
  math.children = math.children[0].children.filter((node) => node.type !== "annotation");
  delete math.attributes.xmlns;
  flatten(math);
  return mathml.toMarkup();
}

function flatten(node) {
  for (const child of node.children || []) flatten(child);
  if (!node.children) return;
  const isRow = (child) => ["mrow", "mstyle"].includes(child.type) && Object.keys(child.attributes).every((name) => LOOKS.includes(name));
  const isNeedless = (child) => isRow(child) && (ROWS.includes(node.type) || child.children.length === 1);
  const isGap = (child) => ROWS.includes(node.type) && child.type === "mtext" && !child.toText().trim();
  node.children = node.children.filter((child) => !isGap(child)).flatMap((child) => (isNeedless(child) ? child.children : [child]));
}

module.exports = { Lean, leanHtml, leanMathml };
