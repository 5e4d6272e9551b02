/**
 * Looks for the arguments where the functions of elementary.ts and arctangent.ts err most, by exact arithmetic:
 *
 *     node dist/lib-tests/core/worst-errors.js 20000
 *
 * From each box that many arguments are drawn; from the hundred worst of a function, and the worst known, it climbs, by 1000
 * steps each to arguments nearby that are worse. What it prints belongs into worst.ts and the docstrings.
 */
import { randomStream } from "../../src/core/random.js";
import { type Searched, searched } from "./searched.js";
import { worst } from "./worst.js";

/** Where a function errs, and by how many ulps. */
interface Found {
  at: readonly number[];
  error: number;
}

const worseFirst = (a: Found, b: Found): number => b.error - a.error;

/** The worst that is found. */
function search({ name, errorAt, boxes }: Searched, draws: number): Found {
  const random = randomStream(`worst/${name}`, 1);
  const found = (at: readonly number[]): Found => ({ at, error: errorAt(...at) });
  const drawn = boxes.flatMap((box) =>
    Array.from({ length: draws }, () =>
      found(box.map(([from, to]) => from + (to - from) * random.uniform())),
    ),
  );
  const starts = [found(worst[name].at), ...drawn.sort(worseFirst).slice(0, 100)];
  const domain = boxes[0].map((_, i) => boxes.flatMap((box) => box[i]));
  const nearby = (x: number, i: number): number => {
    const there = x * (1 + (random.uniform() - 0.5) * 2 ** (-6 - random.below(44)));
    return Math.min(Math.max(there, Math.min(...domain[i])), Math.max(...domain[i]));
  };
  const climbed = starts.map((start) => {
    let here = start;
    for (let i = 0; i < 1000; i++) {
      const there = found(here.at.map(nearby));
      if (there.error > here.error) here = there;
    }
    return here;
  });
  return climbed.sort(worseFirst)[0];
}

for (const one of searched) {
  const { at, error } = search(one, Number(process.argv[2] ?? 20_000));
  console.log(`${one.name}(${at}): ${error.toFixed(4)} ulp`);
}
