/** Evaluates a network in training, using recordings. */
import type { Program } from "../compile/interpreter.js";
import { prepare } from "../compile/program.js";
import type { Dataset } from "../moons.js";
import { accuracyOf, type Evaluation } from "./evaluate.js";
import { inputFormats, type Model, recordLook } from "./recordings.js";

/** Evaluates the network with the given numbers, by name. */
export type Look = (
  data: Dataset,
  numbers: Readonly<Record<string, Float64Array>>,
  phase: "loss" | "evaluation",
) => Evaluation;

/** Returns a function that evaluates; it makes one recording for each number of points, when first needed. */
export function newLooks(model: Model): Look {
  const { evaluation } = model.phases.arithmetics;
  const programs = new Map<string, { program: Program; data?: Dataset }>();
  const tables = new Map<Dataset, { points: number[]; labels: number[] }>();

  const convert = (data: Dataset): { points: number[]; labels: number[] } => {
    const points = evaluation.convert(data.points).to1DArray();
    const table = { points, labels: evaluation.convert(data.labels).to1DArray() };
    tables.set(data, table);
    return table;
  };
  const start = (rows: number, phase: "loss" | "evaluation"): { program: Program; data?: Dataset } => {
    const options = { inputs: inputFormats(model), rows: 0 };
    const looking = { program: prepare(recordLook(model, rows, phase), model.phases, options) };
    programs.set(`${rows} ${phase}`, looking);
    return looking;
  };

  return (data, numbers, phase) => {
    const looking = programs.get(`${data.labels.rows} ${phase}`) ?? start(data.labels.rows, phase);
    const { values, run } = looking.program;
    if (looking.data !== data) {
      const { points, labels } = tables.get(data) ?? convert(data);
      values.points.set(points);
      values.labels.set(labels);
      looking.data = data;
    }
    for (const name of Object.keys(numbers)) values[name].set(numbers[name]);
    run("look");
    return { loss: values.loss[0], accuracy: accuracyOf(values.logits, values.labels) };
  };
}
