/** The tables of notebook 05. */
import { widthOf } from "../../core/arithmetic/encoding.js";
import { type FormatName, finfo, formats } from "../../core/arithmetic/formats.js";
import { type Bounds, meanInterval } from "../statistics.js";
import type { Variation } from "../study.js";
import { meanText } from "../verdict.js";
import { essayName } from "./essay-name.js";
import { type Failure, failures, type PairedResult } from "./failures.js";
import { finalLoss, formatNames, type HalfPrecisionParameters } from "./half-precision.js";
import type { QuantizedInference } from "./quantized-inference.js";
import { lossAnatomy } from "./rounding-errors.js";
import { rescueOf, type UnaskedResult } from "./underflow.js";

/** The heads of the columns, and as many cells in each row. */
export type Table = [heads: string[], rows: (string | number)[][]];

/** The limits of every format, with the terms of NumPy's `finfo`. */
export function limitsTable(): Table {
  return tableOf(
    formatNames.map((name) => ({ name, format: formats[name], limits: finfo(formats[name]) })),
    {
      format: ({ name }) => essayName(name),
      bits: ({ format }) => widthOf(format),
      precision: ({ format }) => format.precision,
      eps: ({ limits }) => limits.eps,
      largest: ({ limits }) => limits.max,
      "smallest normal": ({ limits }) => limits.smallestNormal,
      smallest: ({ limits }) => limits.smallestSubnormal,
    },
  );
}

/** The settings of the regimes. */
export function regimesTable({ stallEpochs }: HalfPrecisionParameters): Table {
  return tableOf(failures(stallEpochs), {
    failure: ({ name }) => `**${name}**`,
    "learning rate": ({ change }) => change.learningRate,
    batch: ({ change }) => String(change.batchSize),
    epochs: ({ change }) => change.epochs,
    weights: ({ change }) => `${change.initialisation}, times ${change.initialScale}`,
    "loss computed": ({ lossForm }) => formText(lossForm),
    cause: ({ cause }) => cause,
  });
}

function formText({ derivative, value, mean: order, epsilon }: Failure["lossForm"]): string {
  if (derivative === "chain") return `derivative by the chain rule, ε = ${epsilon}`;
  if (value === "probability") return `from the probability, ε = ${epsilon}`;
  return order === "first" ? "each δ divided by n first" : "as usual";
}

/** The outcome of the regimes, in the format and in float64. */
export function failuresTable(found: readonly Variation<PairedResult>[]): Table {
  return tableOf(found, {
    failure: ({ name }) => `**${name}**`,
    "final loss": ({ results }) => mean(results, ({ own }) => finalLoss(own)),
    "its weights in float64: loss": ({ results }) => mean(results, ({ own }) => own.trueLoss),
    "accuracy (%)": ({ results }) => percents(results, ({ own }) => own.accuracy),
    "trained in float64: loss": ({ results }) => mean(results, ({ double }) => finalLoss(double)),
    "trained in float64: accuracy (%)": ({ results }) => percents(results, ({ double }) => double.accuracy),
  });
}

/** The loss and derivative of one Blue point as a format computes them, while the network grows more and more sure. */
export function anatomyTable(format: FormatName): Table {
  return tableOf(lossAnatomy(format, [1, 2, 4, 6, 7, 8, 9, 12], 1e-12), {
    "logit z": ({ logit }) => logit,
    p: ({ probability }) => probability,
    "1 − p": ({ rest }) => rest,
    ε: ({ epsilon }) => epsilon,
    "loss from p": ({ lossOfProbability }) => lossOfProbability,
    "loss from z": ({ lossOfLogit }) => lossOfLogit,
    "dL/dz by the chain rule": ({ chain }) => chain,
    "dL/dz as p − y": ({ fused }) => fused,
  });
}

/** What rounding a trained network changes. */
export function inferenceTable(found: readonly Variation<QuantizedInference>[]): Table {
  return tableOf(found, {
    "rounded to": ({ name }) => essayName(name),
    "test points: answers changed (%)": ({ results }) => percents(results, ({ changed }) => changed, 2),
    "plane changed (%)": ({ results }) => percents(results, ({ planeChanged }) => planeChanged, 2),
    "accuracy minus float64's (points)": ({ results }) =>
      mean(results, ({ gain }) => 100 * gain, 2, [-100, 100]),
  });
}

/** Networks of several shapes, in the format with and without a loss scale. */
export function unaskedTable(found: readonly Variation<UnaskedResult>[]): Table {
  return tableOf(
    found.map(({ name, results }) => ({ name, results, rescue: rescueOf(results) })),
    {
      "layers × neurons": ({ name }) => name,
      "learn in float64": ({ rescue, results }) => `${rescue.n} of ${results.length}`,
      "in few bits": ({ rescue }) => rescue.plain,
      "… with a loss scale": ({ rescue }) => rescue.scaled,
      "only with it": ({ rescue }) => rescue.rescued,
      "only without": ({ rescue }) => rescue.spoiled,
      "flushed at first (%)": ({ results }) => percents(results, ({ flushed }) => flushed[0]),
      "flushed at last (%)": ({ results }) => percents(results, ({ flushed }) => flushed[1]),
    },
  );
}

/** A table with a row for each thing; each column, by its head, gives a cell. */
function tableOf<Thing>(
  things: readonly Thing[],
  columns: Readonly<Record<string, (thing: Thing) => string | number>>,
): Table {
  return [Object.keys(columns), things.map((thing) => Object.values(columns).map((cellOf) => cellOf(thing)))];
}

function mean<T>(results: readonly T[], of: (result: T) => number, digits = 3, bounds?: Bounds): string {
  return meanText(meanInterval(results.map(of), bounds), digits);
}

function percents<T>(results: readonly T[], of: (result: T) => number, digits = 1): string {
  return mean(results, (result) => 100 * of(result), digits, [0, 100]);
}
