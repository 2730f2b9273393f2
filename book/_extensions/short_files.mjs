// Makes scripts and stylesheets short, each in its place. Arguments: the folder node_modules, then the files' paths.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.argv[2] + "/");
const { transform } = require("lightningcss");
const { minify } = require("terser");

for (const path of process.argv.slice(3)) {
  const source = readFileSync(path, "utf8");
  const module = /^(im|ex)port /m.test(source);
  const short = path.endsWith(".css")
    ? transform({ filename: path, code: Buffer.from(source), minify: true })
    : await minify({ [path]: source }, { module, ecma: 2020, compress: { passes: 3 } });
  writeFileSync(path, short.code);
}
