// Standard input: {css, own, words} as JSON. Standard output: the rules of css that can match a page with these words, and all
// of own, made short. PurgeCSS judges some selectors wrongly, such as :is(…): what we wrote ourselves is not left to it.
// Argument: the folder node_modules.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.argv[2] + "/");
const { transform } = require("lightningcss");
const { PurgeCSS } = require("purgecss");

const { css, own, words } = JSON.parse(readFileSync(0, "utf8"));
const [{ css: kept }] = await new PurgeCSS().purge({
  css: [{ raw: css }],
  content: [{ raw: words.join(" "), extension: "html" }],
  defaultExtractor: (text) => text.split(" "),
  fontFace: true,
  keyframes: true,
  variables: true,
  safelist: { variables: [...words, ...own.split(/[^\w-]/)].filter((word) => word.startsWith("--")) },
});
const { code } = transform({ filename: "site.css", code: Buffer.from(kept + own), minify: true });
process.stdout.write(code);
