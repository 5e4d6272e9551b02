/** Makes recordings executable on the fastest machine available. */
import type { PhaseArithmetics } from "../arithmetic/precision.js";
import { interpret, type Program } from "./interpreter.js";
import { type CompileOptions, compile } from "./machine.js";
import { isSupported } from "./module.js";
import type { Recording } from "./recording.js";

/** Makes a recording executable; uses the plain machine for counting and if there is no WebAssembly with vectors. */
export function prepare(
  recording: Recording,
  { numbers, roundings, setKey, isCounted }: PhaseArithmetics,
  options: CompileOptions,
): Program {
  return isCounted || !isSupported()
    ? interpret(recording, roundings, setKey)
    : compile(recording, numbers, options);
}
