import assert from "node:assert/strict";
import { formats } from "../../../src/core/arithmetic/formats.js";
import { compile } from "../../../src/core/compile/machine.js";
import { newRecorder } from "../../../src/core/compile/recorder.js";
import { exp, expm1, log, log1p, tanh } from "../../../src/core/elementary.js";
import { powerOfTwo } from "../../../src/core/powers.js";
import { randomStream } from "../../../src/core/random.js";
import { forAllPhases } from "./recordings.js";

const SIZE = 4096;
const { binary64 } = formats;
const numbers = {
  format: binary64,
  accumulator: binary64,
  summation: "sequential",
  isStochastic: false,
} as const;

const FUNCTIONS = { exp, expm1, log, log1p, tanh };
const NAMES = ["exp", "expm1", "log", "log1p", "tanh"] as const;

/** The functions as the machine has them, for SIZE arguments at a time. */
function machine() {
  const recorder = newRecorder(() => (x: number) => x);
  const x = recorder.input("x", 1, SIZE);
  for (const name of NAMES) {
    recorder.section(name);
    recorder.output(name, recorder.arithmetic("forward")[name](x));
  }
  return compile(recorder.recording(), forAllPhases(numbers));
}

/** Places where a case ends or a result changes its kind. */
const EDGES = [
  0,
  1e-9,
  0.25,
  0.34,
  0.5,
  Math.LN2,
  Math.LN2 / 2,
  1,
  Math.SQRT1_2,
  Math.SQRT2,
  2,
  4,
  20,
  36.7,
  37,
  40,
  700,
  708.4,
  709.78,
  710,
  745.13,
  745.2,
  746,
  1024,
  powerOfTwo(-1022),
  powerOfTwo(-1074),
  powerOfTwo(-53),
  powerOfTwo(-54),
  powerOfTwo(53),
  powerOfTwo(1023),
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  Infinity,
  Number.NaN,
];

describe("elementary functions of the fast machine", () => {
  const { values, run } = machine();
  const words = new Uint32Array(values.x.buffer, values.x.byteOffset, 2 * SIZE);

  /** Compares each function, at blocks of arguments that `write` makes. */
  function compare(blocks: number, write: () => void): void {
    for (let block = 0; block < blocks; block++) {
      write();
      for (const name of NAMES) {
        run(name);
        for (let i = 0; i < SIZE; i++) {
          const x = values.x[i];
          const expected = FUNCTIONS[name](x);
          if (!Object.is(values[name][i], expected))
            assert.fail(`${name}(${x}): ${values[name][i]}, expected ${expected}`);
        }
      }
    }
  }

  const random = randomStream("arguments of elementary functions", 1);

  it("have the bits of elementary.ts at all kinds of doubles", () => {
    compare(150, () => {
      for (let i = 0; i < words.length; i++) words[i] = random.below(0x100000000);
    });
  });

  it("have them at ordinary arguments", () => {
    for (const size of [1e-8, 0.01, 1, 3, 50, 800]) {
      compare(30, () => {
        for (let i = 0; i < SIZE; i++) values.x[i] = size * (2 * random.uniform() - 1);
      });
    }
  });

  it("have them where a case ends, at special values, and next to both", () => {
    const around = EDGES.flatMap((edge) =>
      [-8, -3, -2, -1, 0, 1, 2, 3, 8].flatMap((steps) => {
        const bits = new BigInt64Array(new Float64Array([edge]).buffer);
        bits[0] += BigInt(steps);
        const [x] = new Float64Array(bits.buffer);
        return [x, -x, x - 1, 1 - x];
      }),
    );
    assert.ok(around.length < SIZE);
    compare(1, () => {
      for (let i = 0; i < SIZE; i++) values.x[i] = around[i % around.length];
    });
  });
});
