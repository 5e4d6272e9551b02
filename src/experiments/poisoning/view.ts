/** Notebook 03: what an attack looks like on the plane. */
import type { Dataset } from "../../core/moons.js";
import type { Network } from "../../core/network/network.js";
import { type PlaneGrid, probabilityOnPlane } from "../plane.js";
import { guesses } from "./damage.js";
import type { PoisonedTask } from "./poisoning.js";

/** An attack, ready to be drawn. */
export interface PoisonView {
  /** The probability of class 1 by the network trained on true labels. */
  clean: PlaneGrid;
  /** The same by the network trained on lies, on the same grid. */
  poisoned: PlaneGrid;
  /** The training points with their true labels. */
  data: Dataset;
  /** Indices of the lies. */
  attacked: number[];
  /** Whether each of them was learnt: guessed as the lie says. */
  captured: boolean[];
}

/**
 * Looks at both networks over the measured plane.
 *
 * @param resolution - points along each side of the grid
 * @param networks - the networks to look at; the trained ones by default
 */
export function viewPoisoning(
  { data: { train }, lies, attacked, plane: { area }, ...task }: PoisonedTask,
  resolution: number,
  networks: { clean: Network; poisoned: Network } = {
    clean: task.clean.network,
    poisoned: task.poisoned.network,
  },
): PoisonView {
  const guessed = guesses(networks.poisoned, train.points);
  return {
    clean: probabilityOnPlane(networks.clean, area, resolution),
    poisoned: probabilityOnPlane(networks.poisoned, area, resolution),
    data: train,
    attacked,
    captured: attacked.map((i) => guessed[i] === (lies.labels.get(i, 0) === 1)),
  };
}
