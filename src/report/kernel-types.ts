/**
 * Of the types that lie in node_modules/@types and that no cell imports, a kernel's compiler reads Node's alone: it goes
 * through all that it has read twice a cell, and those of test runners and browsers are of things that a kernel does not
 * have. To be imported before anything of tslab.
 */
import { createRequire } from "node:module";
import type TypeScript from "@tslab/typescript-for-tslab";

const COMPILER = "@tslab/typescript-for-tslab";

try {
  const requireOfTslab = createRequire(require.resolve("tslab"));
  const compiler = requireOfTslab(COMPILER) as typeof TypeScript;
  const module = requireOfTslab.cache[requireOfTslab.resolve(COMPILER)] as NodeJS.Module;
  // the properties of the module itself can't be set
  module.exports = {
    ...compiler,
    createWatchCompilerHost: (
      files: string[],
      options: TypeScript.CompilerOptions,
      ...rest: [TypeScript.System]
    ) => compiler.createWatchCompilerHost(files, { types: ["node"], ...options }, ...rest),
  };
} catch {
  // a tslab with another compiler: all types are read, which takes longer and does no harm
}
