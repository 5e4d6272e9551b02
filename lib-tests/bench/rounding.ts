/** Rounding to binary16, one number after the other: ours and @petamoriken/float16's. */
import { f16round } from "@petamoriken/float16";
import type { Round } from "../../src/core/arithmetic/arithmetic.js";
import { formats } from "../../src/core/arithmetic/formats.js";
import { roundToNearest } from "../../src/core/arithmetic/rounding.js";
import { powerOfTwo } from "../../src/core/powers.js";
import { randomStream } from "../../src/core/random.js";
import { type Contender, timed } from "./contender.js";

/** A power of two. */
const VALUES = 4096;

/** Numbers as a training has them: sizes from 2^-20, subnormal in binary16, to 2^6. */
function makeValues(): Float64Array {
  const random = randomStream("bench/rounding", 1);
  return Float64Array.from({ length: VALUES }, () => random.normal() * powerOfTwo(random.below(27) - 20));
}

/** Both, each in a loop of its own. */
export function roundings(): Contender[] {
  const values = makeValues();
  return [
    contender("ours", roundToNearest(formats.binary16), values),
    contender("@petamoriken/float16", f16round, values),
  ];
}

function contender(name: string, round: Round, values: Float64Array): Contender {
  // functions of one text share what the engine has learned of them: the name makes this text the contender's
  // own
  const loop: (round: Round, values: Float64Array, count: number) => number = new Function(
    "round",
    "values",
    "count",
    `// ${name}
    let sum = 0;
    for (let i = 0; i < count; i++) sum += round(values[i & ${VALUES - 1}]);
    return sum;`,
  ) as never;
  // the sum stands where a training has its loss: it shows that both round alike
  return { name, run: (count) => timed(() => Math.abs(loop(round, values, count))) };
}
