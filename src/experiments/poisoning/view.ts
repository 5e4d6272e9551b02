/** Notebook 03: an attack on the plane. */
import type { Dataset } from "../../core/moons.js";
import type { Network } from "../../core/network/network.js";
import { disagreement, type PlaneGrid } from "../plane.js";
import { quickPlane } from "../quick.js";
import { guesses, truthOf } from "./damage.js";
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
  /** Whether each of them was learnt: answered as the lie says. */
  captured: boolean[];
}

/**
 * Looks at both networks over the measured plane.
 *
 * @param resolution - points along each side of the grid
 * @param networks - the networks to look at; the trained ones by default
 */
export function viewPoisoning(
  { data: { train }, attacked, plane: { area }, ...task }: PoisonedTask,
  resolution: number,
  networks: { clean: Network; poisoned: Network } = {
    clean: task.clean.network,
    poisoned: task.poisoned.network,
  },
): PoisonView {
  const [guessed, truth] = [guesses(networks.poisoned, train.points), truthOf(train)];
  return {
    clean: quickPlane(networks.clean, area, resolution),
    poisoned: quickPlane(networks.poisoned, area, resolution),
    data: train,
    attacked,
    captured: attacked.map((i) => guessed[i] !== truth[i]),
  };
}

/** The two networks after some epochs. */
export interface PoisonStep {
  epoch: number;
  view: PoisonView;
  /** Share of the plane on which they disagree. */
  changed: number;
}

/** Both networks at each epoch of which the training kept copies. */
export function viewGrowth(task: PoisonedTask, resolution: number): PoisonStep[] {
  return task.clean.snapshots.map(({ epoch, network: clean }, i) => {
    const networks = { clean, poisoned: task.poisoned.snapshots[i].network };
    return {
      epoch,
      view: viewPoisoning(task, resolution, networks),
      changed: disagreement(clean, networks.poisoned, task.plane.points),
    };
  });
}
