/** Is the start special? The same nudge at other epochs, each followed for as long. */
import { log } from "../../core/elementary.js";
import { toParameters } from "../../core/network/network.js";
import { drawTask, trainOptionsOf } from "../task.js";
import { type ButterflyParameters, PARTED } from "./butterfly-effect.js";
import { lockstep } from "./lockstep.js";
import { distance, nudged } from "./nudge.js";

/** What became of a nudge. */
export interface LateNudge {
  /** The epoch after which one parameter was nudged. */
  epoch: number;
  /** Epochs from then on until the training was at least {@link PARTED} away from the one without the nudge; null for never. */
  parted: number | null;
  /** E-foldings by which the distance grew in all epochs followed; NaN if there was none, or it is not finite. */
  growth: number;
}

/** The epochs at which to nudge: the start, powers of ten, and half of the training, which is also how long each is followed. */
export function nudgeEpochs(epochs: number): number[] {
  const half = Math.floor(epochs / 2);
  const powers: number[] = [];
  for (let epoch = 1; epoch < half; epoch *= 10) powers.push(epoch);
  return [...new Set([0, ...powers, half])];
}

/** Trains once without a nudge and once for each epoch at which to nudge. */
export function measureLateNudges(parameters: ButterflyParameters): LateNudge[] {
  const at = nudgeEpochs(parameters.epochs);
  const half = at[at.length - 1];
  const { data, initial } = drawTask(parameters);
  const run = lockstep(
    trainOptionsOf(parameters, { data: { train: data.train }, initial }),
    [initial, ...at].map(() => initial),
  );
  const nudges = at.map((epoch): LateNudge => ({ epoch, parted: null, growth: Number.NaN }));
  const first = nudges.map(() => Number.NaN);
  for (let epoch = 0; epoch <= 2 * half; epoch++) {
    if (epoch > 0) run.walk(run.batches);
    const own = run.parameters(0);
    nudges.forEach((nudge, k) => {
      const since = epoch - nudge.epoch;
      if (since < 0 || since > half) return;
      if (since === 0) {
        const { network } = nudged(run.network(0), parameters);
        run.move(k + 1, toParameters(network));
      }
      const apart = distance(own, run.parameters(k + 1));
      if (since === 0) first[k] = apart;
      if (nudge.parted === null && !(apart < PARTED)) nudge.parted = since;
      if (since === half) nudge.growth = first[k] > 0 && apart > 0 ? log(apart / first[k]) : Number.NaN;
    });
  }
  return nudges;
}
