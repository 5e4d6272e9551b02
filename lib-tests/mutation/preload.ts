/**
 * Loaded before everything else in each process and thread of a test: puts the mutant that the environment names into its
 * file while Node compiles that. Nothing is written to a disk, so that a run that dies leaves nothing broken.
 */
import Module from "node:module";
import { type Mutant, mutated } from "./mutant.js";

interface Compiles {
  _compile(text: string, file: string): unknown;
}

const { file: broken, mutant } = JSON.parse(process.env.GLASS_HOUSE_MUTANT ?? "{}") as {
  file?: string;
  mutant?: Mutant;
};
const compiles = Module.prototype as unknown as Compiles;
const compile = compiles._compile;
compiles._compile = function (text, file): unknown {
  return compile.call(this, file === broken && mutant ? mutated(text, mutant) : text, file);
};
