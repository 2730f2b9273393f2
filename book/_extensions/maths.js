// Sets formulas for maths.py: reads a question a line, {tex, display, macros}, and answers in JSON, a line each:
// {html, text, glyphs} (glyphs: the characters that each font face must have) or {error}.
const fs = require("fs");
const path = require("path");
const readline = require("readline");

const katex = require(process.argv[2]);
const { Lean, leanHtml, leanMathml } = require("./maths_lean.js");
const css = fs.readFileSync(path.join(process.argv[2], "dist", "katex.min.css"), "utf8");

// The rules of KaTeX's stylesheet that choose a font: [the classes of each element on the way down, what they set].
const rules = [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, selectors, body]) => {
  const font = {};
  for (const [, name, value] of body.matchAll(/font-(family|weight|style):([^;,]+)/g)) font[name] = value;
  if (selectors.includes("@") || !Object.keys(font).length) return [];
  return selectors.split(",").map((selector) => [selector.split(/[\s>]+/).map((step) => step.split(".").filter(Boolean)), font]);
});

const lean = new Lean(css.replace(/@font-face\{[^}]*\}/g, ""));

const INVISIBLE = /[\u200b\u2061-\u2064]/g; // in no font

function matches(steps, elements) {
  const has = (element, step) => step.every((name) => name === "span" || element.includes(name));
  if (!has(elements.at(-1), steps.at(-1))) return false;
  let at = 0;
  for (const element of elements.slice(0, -1)) if (at < steps.length - 1 && has(element, steps[at])) at++;
  return at === steps.length - 1;
}

function collect(node, above, inherited, glyphs) {
  const elements = [...above, node.classes || []];
  const font = Object.assign({}, inherited, ...rules.filter(([steps]) => matches(steps, elements)).map(([, set]) => set));
  const visible = (node.text || "").replace(INVISIBLE, "");
  if (visible) {
    const face = `${font.family} ${font.weight} ${font.style}`;
    glyphs[face] = [...new Set([...(glyphs[face] || ""), ...visible])].sort().join("");
  }
  for (const child of node.children || []) collect(child, elements, font, glyphs);
  return glyphs;
}

const RAISED = { 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹", "+": "⁺", "−": "⁻", i: "ⁱ", n: "ⁿ", "⊤": "ᵀ" };
const LOWERED = { 0: "₀", 1: "₁", 2: "₂", 3: "₃", 4: "₄", 5: "₅", 6: "₆", 7: "₇", 8: "₈", 9: "₉", "+": "₊", "−": "₋", i: "ᵢ", j: "ⱼ", t: "ₜ" };
const ACCENTS = { "^": "\u0302", "~": "\u0303", "ˉ": "\u0304", "˙": "\u0307", "⃗": "\u20d7" };

// The formula as a line of text, for a title in a menu, the search index, a description: (XᵀX)⁻¹Xᵀy.
function plain(node) {
  const parts = (node.children || []).map(plain);
  const script = (text, small, mark) =>
    [...text].every((c) => c in small) ? [...text].map((c) => small[c]).join("") : mark + grouped(text);
  const grouped = (text) => ([...text].length > 1 && !/^\([^()]*\)$/.test(text) ? `(${text})` : text);
  switch (node.type) {
    case "annotation": return "";
    case "msup": return parts[0] + script(parts[1], RAISED, "^");
    case "msub": return parts[0] + script(parts[1], LOWERED, "_");
    case "msubsup": return parts[0] + script(parts[1], LOWERED, "_") + script(parts[2], RAISED, "^");
    case "munder": return parts[0] + script(parts[1], LOWERED, "_");
    case "mover": return parts[1] in ACCENTS ? parts[0] + ACCENTS[parts[1]] : parts[0] + script(parts[1], RAISED, "^");
    case "munderover": return parts[0] + script(parts[1], LOWERED, "_") + script(parts[2], RAISED, "^");
    case "mfrac": return `${grouped(parts[0])}/${grouped(parts[1])}`;
    case "msqrt": return `√${grouped(parts.join(""))}`;
    case "mspace": return " ";
    case "mtr": return parts.join(" ") + " ";
    default: return node.text !== undefined ? node.text : parts.join("");
  }
}

function answer({ tex, display, macros }) {
  try {
    const tree = katex.__renderToDomTree(tex, { displayMode: display, macros: { ...macros }, strict: "error", throwOnError: true });
    const formula = display ? tree.children[0] : tree; // .katex-display > .katex
    const [mathml, html] = formula.children;
    const text = plain(mathml.children[0]).replace(INVISIBLE, "").replace(/\s+/g, " ").trim();
    const glyphs = collect(html, [formula.classes], { family: "KaTeX_Main", weight: "400", style: "normal" }, {});
    const inside = leanMathml(mathml) + leanHtml(html, display, lean);
    return { html: display ? `<span class="katex-display"><span class="katex">${inside}</span></span>` : inside, text, glyphs };
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    return { error: error.rawMessage || error.message };
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n");
});
