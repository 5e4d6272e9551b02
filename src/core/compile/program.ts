/** Makes recordings ready to be run, by the fastest machine that can. */
import type { PhaseArithmetics } from "../arithmetic/precision.js";
import { interpret, type Program } from "./interpreter.js";
import { type CompileOptions, compile } from "./machine.js";
import { isSupported } from "./module.js";
import type { Recording } from "./recording.js";

/** A recording that can be run. What is counted, or where there is no WebAssembly with vectors, the plain machine runs. */
export function prepare(
  recording: Recording,
  { numbers, roundings, setKey, isCounted }: PhaseArithmetics,
  options: CompileOptions,
): Program {
  return isCounted || !isSupported()
    ? interpret(recording, roundings, setKey)
    : compile(recording, numbers, options);
}
