/** Notebook 03: what makes the damage worse? The epochs, the learning rate and the width, one at a time. */
import { type Comparison, layersName, type SensitivityPoint, type SensitivityResult } from "./sensitivity.js";

/** One value of a factor, and the results of each seed. */
export interface Setting {
  /** The name of the value on the axis. */
  name: string;
  comparisons: Comparison[];
}

/** A factor with its values. */
export interface Factor {
  /** The name of the factor. */
  name: string;
  settings: Setting[];
}

type Change = [name: string, change: Partial<SensitivityPoint>];

/** The factors: multiples of the parameters, by name. */
const VARIED: Readonly<Record<string, (own: SensitivityPoint) => Change[]>> = {
  epochs: ({ epochs }) =>
    [1 / 50, 1 / 10, 1 / 3, 1].map((share): Change => {
      const count = Math.round(share * epochs);
      return [String(count), { epochs: count, stages: [count] }];
    }),
  "learning rate": ({ learningRate }) =>
    [1 / 4, 1 / 2, 1, 2].map((multiple): Change => {
      const rate = multiple * learningRate;
      return [String(Number(rate.toPrecision(3))), { learningRate: rate }];
    }),
  "hidden neurons": ({ hiddenLayers }) =>
    [1 / 2, 1, 2].map((multiple): Change => {
      const layers = hiddenLayers.map((width) => Math.max(1, Math.min(1024, Math.round(multiple * width))));
      return [layersName(layers), { hiddenLayers: layers }];
    }),
};

/** The values of each factor; equal ones, once. */
function changesOf(own: SensitivityPoint): { name: string; changes: Change[] }[] {
  return Object.entries(VARIED).map(([name, vary]) => ({ name, changes: [...new Map(vary(own))] }));
}

/** The points of one seed. */
export function causePoints(own: SensitivityPoint): SensitivityPoint[] {
  return changesOf(own).flatMap(({ changes }) =>
    changes.map(([, change]) => ({ ...own, stages: [own.epochs], ...change })),
  );
}

/** The findings. */
export function factorsOf(own: SensitivityPoint, rows: readonly (readonly SensitivityResult[])[]): Factor[] {
  const places = causePoints(own).keys();
  const settings = (changes: readonly Change[]): Setting[] =>
    changes.map(([name]) => {
      const place = places.next().value as number;
      return { name, comparisons: rows.map((row) => row[place].stages[0]) };
    });
  return changesOf(own).map(({ name, changes }) => ({ name, settings: settings(changes) }));
}
