// Makes scripts short, each in its place. Arguments: the folder node_modules, then the scripts' paths.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.argv[2] + "/");
const { minify } = require("terser");

for (const path of process.argv.slice(3)) {
  const source = readFileSync(path, "utf8");
  const { code } = await minify({ [path]: source }, { module: /^(im|ex)port /m.test(source) });
  writeFileSync(path, code);
}
