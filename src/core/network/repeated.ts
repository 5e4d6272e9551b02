/** Records a function of a network once, to repeat it at many points or parameters with the same bits. */
import { phaseArithmetics, toPrecision } from "../arithmetic/precision.js";
import { prepare } from "../compile/program.js";
import { newRecorder, type Recorder } from "../compile/recorder.js";
import type { Matrices } from "./layer.js";
import { listedNames, type Network } from "./network.js";
import { mapState, namedMatrices } from "./training-state.js";

/** A recording that can be run at any parameters. */
export interface Repeated {
  /** The recording's inputs and outputs. */
  values: Readonly<Record<string, Float64Array>>;
  /** Runs a section with the present parameters, at first those of the network. */
  run(section: string): void;
  /** Runs sections with these parameters. */
  at(parameters: Float64Array, ...sections: readonly string[]): void;
  /** A copy of the gradients that were recorded, in the order of `toParameters`. */
  gradient(): Float64Array;
}

/**
 * Records what `record` does with the network, in double precision.
 *
 * @param record - declares inputs and sections; returns gradients by layer, or nothing
 */
export function repeated(
  network: Network,
  record: (recorder: Recorder, recorded: Network) => readonly Matrices[],
): Repeated {
  const phases = phaseArithmetics(toPrecision("binary64"));
  const recorder = newRecorder((phase) => phases.roundings[phase].convert);
  const state = { network, kept: [] };
  const recorded = mapState(state, ({ rows, columns }, name) => recorder.input(name, rows, columns));
  const gradients = record(recorder, recorded.network);
  let size = 0;
  const parts = listedNames(network).map(({ l, name }) => {
    const from = size;
    size += network.layers[l].parameters[name].size;
    if (gradients.length > 0) recorder.output(`gradient of ${l}.${name}`, gradients[l][name]);
    return { input: `${l}.${name}`, from, to: size };
  });
  const { values, run } = prepare(recorder.recording(), phases, { rows: 0 });
  for (const [name, matrix] of Object.entries(namedMatrices(state))) values[name].set(matrix.to1DArray());
  return {
    values,
    run,
    at(parameters, ...sections) {
      for (const { input, from, to } of parts) values[input].set(parameters.subarray(from, to));
      run(...sections);
    },
    gradient() {
      const all = new Float64Array(size);
      for (const { input, from } of parts) all.set(values[`gradient of ${input}`], from);
      return all;
    },
  };
}
