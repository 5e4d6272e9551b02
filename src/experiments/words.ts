/** What the numbers of a panel say in words: each made from its value. */
import { exp } from "../core/elementary.js";
import { CLASS_NAMES } from "../core/moons.js";
import { isCertain, log10Doubt, probabilityOf } from "./out-of-distribution/confidence.js";

/** How sure a network is, and of which class, from its logit: `sure of Blue to 51 nines`. */
export function sureText(logit: number): string {
  if (Number.isNaN(logit)) return "lost: not a number";
  const name = CLASS_NAMES[logit > 0 ? 1 : 0];
  if (!isCertain(logit)) return `in doubt: ${(100 * probabilityOf(Math.abs(logit))).toFixed(0)}% for ${name}`;
  const nines = Math.floor(-log10Doubt(logit));
  return Number.isFinite(nines) ? `sure of ${name} to ${nines} nines` : `sure of ${name} without end`;
}

/** A share of things that can be counted: `197 of 200`, `none of 5`. */
export function countText(share: number, total: number): string {
  return partText(Math.round(share * total), total);
}

/** A part of things that can be counted. */
export function partText(part: number, total: number): string {
  if (!Number.isFinite(part)) return "not a number";
  if (total > 0 && part === total) return `all ${total}`;
  return `${part === 0 ? "none" : part} of ${total}`;
}

/** A share of what cannot be counted: `1 in 12`, `none`, `nearly all`. */
export function shareText(share: number): string {
  if (!Number.isFinite(share)) return "not a number";
  if (share <= 0) return "none";
  if (share >= 1) return "all";
  if (share > 0.95) return "nearly all";
  if (share > 0.45 && share < 0.55) return "half";
  return share > 0.3 ? `${Math.round(10 * share)} in 10` : `1 in ${Math.round(1 / share)}`;
}

/** A mean loss in nats as a probability: e^-loss is the geometric mean of the probabilities of the right classes. */
export function lossText(loss: number): string {
  if (!Number.isFinite(loss)) return "not a number";
  const share = 100 * exp(-loss);
  const text = share > 99 && share < 100 ? share.toFixed(2) : share.toFixed(0);
  return `the right class gets ${text}%, geometric mean`;
}

/** Something that happens after an epoch, or does not. */
export function epochText(what: string, epoch: number | null | undefined): string {
  return epoch === null || epoch === undefined ? `never ${what}` : `${what} from epoch ${epoch} on`;
}
