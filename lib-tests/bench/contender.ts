/**
 * What takes part in a comparison, and how several are measured: in turn, so that what disturbs one disturbs
 * all.
 */

/** What came of one turn. */
export interface Turn {
  /** Time that the turn took, without what had to be prepared. */
  seconds: number;
  /** Mean loss in the end, or another number that shows what was done. */
  loss: number;
}

/** Someone who can do the work. */
export interface Contender {
  name: string;
  /** Does `count` units of the work (epochs, roundings, sweeps), from the start each time. */
  run(count: number): Turn | Promise<Turn>;
  /** By how much its loss may differ from that of the first contender, relatively; 0 by default. */
  tolerance?: number;
  /** Ends what was started. */
  close?(): void;
}

/** Seconds per unit of work: the median of the rounds, and the quartiles. */
export interface Timing {
  median: number;
  quartiles: [number, number];
  /** Of each round, in order. */
  rounds: number[];
}

/** A contender's timing, and the loss it came to after the units of the warm-up. */
export interface Result {
  name: string;
  timing: Timing;
  loss: number;
}

/** Seconds that a turn takes at least, about. */
const TURN = 0.04;

/**
 * Lets the contenders take turns. Each does `warmUp` units first, and shows by the loss that it does the same as the first
 * of them; then it does as many a turn as fit the time of one. The first round, in which each still
 * finds back from what the others did, does not count. In the end all are closed.
 *
 * @throws Error when a loss differs by more than its contender's tolerance
 */
export async function measure(
  contenders: readonly Contender[],
  warmUp: number,
  rounds: number,
): Promise<Result[]> {
  try {
    const counts: number[] = [];
    const losses: number[] = [];
    for (const { name, run, tolerance = 0 } of contenders) {
      const { loss } = await run(warmUp);
      losses.push(assertNear(name, loss, losses[0] ?? loss, tolerance));
      // twice, for it gets faster while the engine still optimises
      const first = await unitsIn(TURN, run, warmUp);
      counts.push(await unitsIn(TURN, run, first));
    }
    const times: number[][] = contenders.map(() => []);
    for (let round = 0; round <= rounds; round++) {
      for (const [i, { run }] of contenders.entries()) {
        const { seconds } = await run(counts[i]);
        if (round > 0) times[i].push(seconds / counts[i]);
      }
    }
    return contenders.map(({ name }, i) => ({ name, timing: summarise(times[i]), loss: losses[i] }));
  } finally {
    for (const { close } of contenders) close?.();
  }
}

/** How many units fit a time, at least 1, by the time that some take. */
async function unitsIn(time: number, run: Contender["run"], units: number): Promise<number> {
  const { seconds } = await run(units);
  return Math.max(1, Math.round((time * units) / seconds));
}

/** How many times as long `other` takes as `ours`, round by round; null when the other did not take part. */
export function ratio(other: Result | undefined, ours: Result): Timing | null {
  if (!other) return null;
  return summarise(other.timing.rounds.map((seconds, round) => seconds / ours.timing.rounds[round]));
}

/** Seconds that this process has had a processor: it stands still while other programs have it. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds by the clock on the wall, for what runs on several threads. */
export function wallTime(): number {
  return performance.now() / 1000;
}

/** Times a function that does the work and gives the loss. */
export async function timed(
  work: () => number | Promise<number>,
  clock: () => number = processorTime,
): Promise<Turn> {
  const start = clock();
  const loss = await work();
  return { seconds: clock() - start, loss };
}

function summarise(rounds: number[]): Timing {
  const sorted = [...rounds].sort((a, b) => a - b);
  const quantile = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (place - Math.floor(place)) * (above - below);
  };
  return { median: quantile(0.5), quartiles: [quantile(0.25), quantile(0.75)], rounds };
}

function assertNear(name: string, loss: number, expected: number, tolerance: number): number {
  if (Math.abs(loss - expected) <= tolerance * expected) return loss;
  throw new Error(`${name} ends at a loss of ${loss}, not ${expected}: it does something else`);
}
