/** What a cell may import, given what it should not be given. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import * as house from "../../src/index.js";
import { exempt, type Target, targets, uncalled } from "./functions.js";
import { fuzz, inTime, named, nanIn, outcomeOf, RUNS, repeatable, SEED } from "./fuzz.js";
import { hostile, made, spoilings, spoilt } from "./hostile.js";

const CORE = join(__dirname, "..", "..", "src", "core");

type Call = (...values: unknown[]) => unknown;

const functions = new Map(
  Object.entries(house as Record<string, unknown>).filter(
    (entry): entry is [string, Call] => typeof entry[1] === "function",
  ),
);

/** What the modules of core/ export, by module and name. */
const inCore = new Map(
  readdirSync(CORE, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .sort()
    .flatMap((file) =>
      Object.entries<unknown>(require(join(CORE, file))).flatMap(([name, value]): [string, Call][] =>
        typeof value === "function" ? [[`${file} ${name}`, value as Call]] : [],
      ),
    ),
);

/** Of a function that is given nonsense only: its numbers are taken as they are. */
const anyTarget: Pick<Target, "sizes"> = { sizes: ["0", "1", "2", "3", "length"] };

/** Whether one of the numbers that are taken as they are is too large to try. */
function isTooLarge(values: readonly unknown[], sizes: readonly string[] = []): boolean {
  const found = (value: unknown, depth: number): boolean =>
    typeof value === "object" &&
    value !== null &&
    depth < 3 &&
    Object.keys(value).some((key) => {
      const { value: inner } = Object.getOwnPropertyDescriptor(value, key) ?? {};
      return (sizes.includes(key) && typeof inner === "number" && inner > 200) || found(inner, depth + 1);
    });
  try {
    return found(values, 0);
  } catch {
    return false; // nobody can look into it, the function neither
  }
}

describe(`what a function may not be given ${repeatable}`, () => {
  it("is tried with each public function", () => {
    const listed = [...Object.keys(targets), ...Object.keys(uncalled)];
    assert.deepEqual(
      [...functions.keys()].filter((name) => !listed.includes(name) && !exempt.some(({ has }) => has(name))),
      [],
    );
    assert.deepEqual(
      listed.filter((name) => !functions.has(name)),
      [],
    );
  });

  for (const [name, { good, names, sizes, nan }] of Object.entries(targets) as [string, Target][]) {
    const call = functions.get(name) as Call;

    it(`${name} takes what is good`, () => {
      const result = inTime(() => call(...good()));
      if (!nan) assert.equal(nanIn(result), undefined);
    });

    fuzz(`${name} says what it may not be`, spoilings, (all) => {
      const values = spoilt(good(), all);
      if (!Array.isArray(values) || isTooLarge(values, sizes)) return;
      const result = named(
        outcomeOf(() => call(...values)),
        names,
      );
      if (result && !nan) assert.equal(nanIn(result.value), undefined);
    });
  }

  const rest = new Map([...[...functions].filter(([name]) => !(name in uncalled)), ...inCore]);
  fuzz(
    "none hangs, whatever it is given, nor does any of core",
    fc.tuple(fc.constantFrom(...rest.keys()), fc.array(hostile, { maxLength: 4 })),
    ([name, all]) => {
      const call = rest.get(name) as Call;
      const values = all.map(made);
      if (isTooLarge(values, (targets[name] ?? anyTarget).sizes)) return;
      const outcome = outcomeOf(() => {
        const result = call(...values);
        // a promise that fails later would end the tests
        if (result instanceof Promise) result.catch(() => {});
        return result;
      });
      if ("error" in outcome) assert.ok(outcome.error instanceof Error, name);
    },
    10,
  );

  it("sweep says so too, before it begins", async () => {
    const names = [
      "grid",
      "experiment",
      "workers",
      "onProgress",
      "onResult",
      "signal",
      "modules",
      "onNote",
      "options",
    ];
    const good = (): unknown[] => [
      [],
      house.measureBaseline,
      { workers: 1, modules: ["/none"], onProgress: () => {} },
    ];
    await fc.assert(
      fc.asyncProperty(spoilings, async (all) => {
        const values = spoilt(good(), all);
        // with points it would run
        if (!Array.isArray(values) || (Array.isArray(values[0]) && values[0].length > 0)) return;
        const outcome = await Promise.resolve()
          .then(() => (house.sweep as Call)(...values))
          .then(
            (value) => ({ value }),
            (error: unknown) => ({ error }),
          );
        named(outcome, names);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
