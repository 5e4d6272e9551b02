/**
 * Limits a kernel's compiler to Node's types from node_modules/@types. It checks everything it has read twice per cell,
 * and types of test runners and browsers describe things that a kernel lacks. Import it before any part of tslab.
 */
import { createRequire } from "node:module";
import type TypeScript from "@tslab/typescript-for-tslab";

const COMPILER = "@tslab/typescript-for-tslab";

try {
  const requireOfTslab = createRequire(require.resolve("tslab"));
  const compiler = requireOfTslab(COMPILER) as typeof TypeScript;
  const module = requireOfTslab.cache[requireOfTslab.resolve(COMPILER)] as NodeJS.Module;
  // the module's own properties cannot be set
  module.exports = {
    ...compiler,
    createWatchCompilerHost: (
      files: string[],
      options: TypeScript.CompilerOptions,
      ...rest: [TypeScript.System]
    ) => compiler.createWatchCompilerHost(files, { types: ["node"], ...options }, ...rest),
  };
} catch {
  // a tslab with another compiler reads all types, which takes longer but does no harm
}
