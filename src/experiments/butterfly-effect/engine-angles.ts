/**
 * The sines and cosines that two JavaScript engines give for the angles of 250 points on Two Moons, where they differ from
 * this project's own: recorded once, on the same x86-64 machine, from each engine's Math.sin and Math.cos. The angles are
 * those of 125 points for each moon, pi i / 124.
 */
import { cos, sin } from "../../core/elementary.js";
import { type Dataset, makeMoons, type Trigonometry } from "../../core/moons.js";
import { randomStream } from "../../core/random.js";

/** A recorded engine: that of Node 20.20.2, that of Firefox 153.7.0. */
export type EngineName = "V8 11.3" | "SpiderMonkey 153";

/** Number of points with recorded angles. */
export const ENGINE_POINTS = 250;

/** A value that is not the same everywhere. */
interface RecordedValue {
  of: keyof Trigonometry;
  /** i: the angle is pi i / 124. */
  index: number;
  values: Readonly<Record<EngineName, number>>;
}

const ANGLES = ENGINE_POINTS / 2;

/** Every value in which an engine and elementary.ts differ. */
export const RECORDED: readonly RecordedValue[] = [
  recorded("sin", 95, 0.6703848439562784, 0.6703848439562784),
  recorded("sin", 97, 0.6319420384463041, 0.6319420384463041),
  recorded("sin", 101, 0.5502927152373915, 0.5502927152373915),
  recorded("sin", 102, 0.5289640103269626, 0.5289640103269626),
  recorded("sin", 105, 0.4629966441051209, 0.4629966441051209),
  recorded("cos", 43, 0.46299664410512087, 0.46299664410512087),
  recorded("cos", 96, -0.7587581226927909, -0.758758122692791),
  recorded("cos", 101, -0.8349718124324073, -0.8349718124324074),
];

function recorded(of: keyof Trigonometry, index: number, node: number, firefox: number): RecordedValue {
  return { of, index, values: { "V8 11.3": node, "SpiderMonkey 153": firefox } };
}

/** The i-th of the recorded angles. */
export function recordedAngle(index: number): number {
  return (Math.PI * index) / (ANGLES - 1);
}

/** An engine's sine and cosine at the recorded angles. */
export function engineTrigonometry(engine: EngineName): Trigonometry {
  const tableOf = (name: keyof Trigonometry): Map<number, number> =>
    new Map(
      RECORDED.filter(({ of }) => of === name).map(({ index, values }) => [
        recordedAngle(index),
        values[engine],
      ]),
    );
  const [sines, cosines] = [tableOf("sin"), tableOf("cos")];
  return {
    sin: (angle) => sines.get(angle) ?? sin(angle),
    cos: (angle) => cosines.get(angle) ?? cos(angle),
  };
}

/** The 250 training points of a seed, as a program that trusts its engine's Math.sin would make them. */
export function engineMoons(engine: EngineName, { noise, seed }: { noise: number; seed: number }): Dataset {
  return makeMoons({
    samples: ENGINE_POINTS,
    noise,
    random: randomStream("dataset/train", seed),
    trigonometry: engineTrigonometry(engine),
  });
}
