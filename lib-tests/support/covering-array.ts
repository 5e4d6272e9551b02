/**
 * Covering arrays of strength 2: few rows in which every two values of every two factors meet. Greedy, row by
 * row, the best of some candidates (Cohen, Dalal, Fredman and Patton 1997, The AETG system, section 4). The same
 * arguments give the same rows.
 */
import { randomStream } from "../../src/core/random.js";

/** The values of each factor; the first is its default. */
export type Factors<Row> = { readonly [Name in keyof Row]: readonly Row[Name][] };

/**
 * Values of two or more factors that may not meet, all at once; no default among them, so that a row can always
 * be completed.
 */
export type Exclusion<Row> = { readonly [Name in keyof Row]?: readonly Row[Name][] };

/** Candidates a row. */
const CANDIDATES = 30;

/** A value of a factor: the places of both. */
type Choice = readonly [factor: number, value: number];

/** The rows, in which every two values meet that may. */
export function coveringArray<Row>(
  factors: Factors<Row>,
  exclusions: readonly Exclusion<Row>[],
  seed: number,
): Row[] {
  const names = Object.keys(factors) as (keyof Row)[];
  const rowOf = (choices: Iterable<Choice>): Partial<Row> =>
    Object.fromEntries([...choices].map(([k, i]) => [names[k], factors[names[k]][i]])) as Partial<Row>;
  const random = randomStream("covering array", seed);
  const inAnyOrder = (count: number): Int32Array => {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    random.shuffle(order);
    return order;
  };
  const open = new Map(allowedPairs(factors, exclusions).map((pair) => [keyOf(...pair), pair]));

  const candidate = (pair: readonly [Choice, Choice]): { row: Map<number, number>; met: string[] } => {
    const row = new Map(pair);
    const fresh = (factor: number, value: number): string[] =>
      [...row].map((other) => keyOf(other, [factor, value])).filter((key) => open.has(key));
    const met = [keyOf(...pair)];
    for (const factor of inAnyOrder(names.length).filter((k) => !row.has(k))) {
      const [best] = [...inAnyOrder(factors[names[factor]].length)]
        .filter((value) => isAllowed(rowOf([...row, [factor, value]]), exclusions))
        .map((value) => ({ value, met: fresh(factor, value) }))
        .sort((a, b) => b.met.length - a.met.length);
      row.set(factor, best.value);
      met.push(...best.met);
    }
    return { row, met };
  };

  const rows: Row[] = [];
  for (let [pair] = open.values(); pair; [pair] = open.values()) {
    const [best] = Array.from({ length: CANDIDATES }, () => candidate(pair)).sort(
      (a, b) => b.met.length - a.met.length,
    );
    for (const key of best.met) open.delete(key);
    rows.push(rowOf([...best.row].sort(([a], [b]) => a - b)) as Row);
  }
  return rows;
}

/** Every two values that may meet. */
export function allowedPairs<Row>(
  factors: Factors<Row>,
  exclusions: readonly Exclusion<Row>[],
): [Choice, Choice][] {
  const names = Object.keys(factors) as (keyof Row)[];
  const choices = names.flatMap((name, k) => factors[name].map((_, i): Choice => [k, i]));
  return choices.flatMap(([a, i]) =>
    choices
      .filter(([b]) => a < b)
      .filter(([b, j]) => {
        const pair = { [names[a]]: factors[names[a]][i], [names[b]]: factors[names[b]][j] };
        return isAllowed(pair as Partial<Row>, exclusions);
      })
      .map((other): [Choice, Choice] => [[a, i], other]),
  );
}

function isAllowed<Row>(row: Partial<Row>, exclusions: readonly Exclusion<Row>[]): boolean {
  return !exclusions.some((excluded) =>
    (Object.keys(excluded) as (keyof Row)[]).every(
      (name) => name in (row as object) && excluded[name]?.includes(row[name] as Row[keyof Row]),
    ),
  );
}

/** Two choices in the order of their factors, as text. */
function keyOf(one: Choice, other: Choice): string {
  return one[0] < other[0] ? `${one} ${other}` : `${other} ${one}`;
}
