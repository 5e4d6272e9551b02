/** Notebook 03: what makes the damage worse. The epochs, the learning rate and the width, each varied by itself. */
import type { Comparison, SensitivityPoint, SensitivityResult } from "./sensitivity.js";
import { layersName } from "./sensitivity.js";

/** One value of what is varied, and what came of it for each seed. */
export interface Setting {
  /** What the value is called on the axis. */
  name: string;
  comparisons: Comparison[];
}

/** One thing varied. */
export interface Factor {
  /** What is varied. */
  name: string;
  settings: Setting[];
}

/** Multiples of the parameters that are tried. */
const EPOCH_SHARES = [1 / 50, 1 / 10, 1 / 3, 1];
const RATE_MULTIPLES = [1 / 4, 1 / 2, 1, 2];
const WIDTH_MULTIPLES = [1 / 2, 1, 2];

/** What is varied, what is trained for it, and which part of that each of its values is. */
interface Plan {
  points: SensitivityPoint[];
  factors: { name: string; settings: { name: string; point: number; stage: number }[] }[];
}

function planOf(own: SensitivityPoint): Plan {
  const { epochs, learningRate, hiddenLayers } = own;
  const stages = [...new Set(EPOCH_SHARES.map((share) => Math.round(share * epochs)))];
  const points = [{ ...own, stages }];
  const setting = (name: string, change: Partial<SensitivityPoint>): Plan["factors"][0]["settings"][0] => {
    const isOwn = Object.entries(change).every(
      ([key, value]) => String(value) === String(own[key as keyof SensitivityPoint]),
    );
    // a setting that is that of the parameters is trained once, for the stages
    if (isOwn) return { name, point: 0, stage: stages.length - 1 };
    return { name, point: points.push({ ...own, ...change, stages: [epochs] }) - 1, stage: 0 };
  };
  const rates = RATE_MULTIPLES.map((multiple) => multiple * learningRate);
  const layers = WIDTH_MULTIPLES.map((multiple) => widened(hiddenLayers, multiple));
  const widths = layers.filter((one, i) => layers.findIndex((other) => String(other) === String(one)) === i);
  return {
    factors: [
      { name: "epochs", settings: stages.map((epoch, stage) => ({ name: String(epoch), point: 0, stage })) },
      {
        name: "learning rate",
        settings: rates.map((rate) => setting(String(Number(rate.toPrecision(3))), { learningRate: rate })),
      },
      {
        name: "hidden neurons",
        settings: widths.map((width) => setting(layersName(width), { hiddenLayers: width })),
      },
    ],
    points,
  };
}

/** Everything that is trained for one seed, in a fixed order. */
export function causePoints(own: SensitivityPoint): SensitivityPoint[] {
  return planOf(own).points;
}

/** What came of each value. */
export function factorsOf(own: SensitivityPoint, rows: readonly (readonly SensitivityResult[])[]): Factor[] {
  return planOf(own).factors.map(({ name, settings }) => ({
    name,
    settings: settings.map(({ name: value, point, stage }) => ({
      name: value,
      comparisons: rows.map((row) => row[point].stages[stage]),
    })),
  }));
}

/** Hidden layers as many times as wide, each with at least one neuron and at most 1024. */
function widened(layers: readonly number[], multiple: number): number[] {
  return layers.map((width) => Math.max(1, Math.min(1024, Math.round(multiple * width))));
}
