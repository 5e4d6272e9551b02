/**
 * A thief who sees only how many neurons fire. They choose inputs in a box and find the line along which each neuron of the one hidden
 * layer switches: bisection between two inputs finds a place where the count changes, a small circle around it the direction
 * of the line, two far crossings its exact course. What lines already found explain of a reading is subtracted, so that
 * whatever is left belongs to others.
 *
 * That a ReLU network can be read off the places where its neurons switch is known: Rolnick and Kording 2020, Reverse-engineering deep
 * ReLU networks; Carlini, Jagielski and Mironov 2020, Cryptanalytic extraction of neural network models. They see its outputs.
 */
import { cos, sin } from "../../core/elementary.js";
import { type RandomStream, randomStream } from "../../core/random.js";
import type { Rectangle } from "../plane.js";

/** An input. */
export type Point = readonly [x: number, y: number];

/** Tells how many neurons fire at an input. An estimate need not be a whole number. */
export type Oracle = (point: Point) => number;

/** Of the line n·x + d = 0, on whose positive side more neurons fire. */
export interface StolenLine {
  /** n, of length 1. */
  normal: Point;
  /** d. */
  offset: number;
  /** How many neurons switch here; more than 1 where their lines are the same. */
  neurons: number;
  /** Queries until it was found, from the first. */
  queries: number;
}

/** How to steal. */
export interface ThiefOptions {
  read: Oracle;
  /** Where the thief may look; lines that miss it stay hidden. */
  box: Rectangle;
  /** Seed of the places to look at. */
  seed: number;
  /** Width of the interval to which a crossing is found, in the units of the box. */
  width?: number;
  /** Inputs spread over the box that the lines have to explain before the thief is content. */
  probes?: number;
}

/** One query. */
export interface Query {
  at: Point;
  /** Queries so far, this one included. */
  queries: number;
  /** The line that this query completed. */
  line?: StolenLine;
}

/** What was stolen. */
export interface Loot {
  lines: StolenLine[];
  /** Neurons that fire throughout the box, as far as anybody can tell who only counts. */
  always: number;
  queries: number;
  /** Whether the lines explain all readings over the box. */
  isExplained: boolean;
}

/** Radius of the first circle around a crossing, as a share of the box. */
const CIRCLE = 1e-3;

/** Points looked at on a circle before its crossings are sought. */
const AROUND = 8;

/** Failures in a row after which the thief gives up. */
const MOST_FAILURES = 40;

/**
 * Steals the lines, query by query; it returns what was found when the lines explain everything.
 *
 * A page draws them one after the other, as fast as it likes:
 *
 *     const thief = steal({ read: countReader(network), box: theftBox, seed });
 *     for (let step = thief.next(); !step.done; step = thief.next()) {
 *       // one query at step.value.at; yield to the page whenever its time is up
 *       if (step.value.line) draw(step.value.line);
 *     } // then step.value is the loot
 *
 * @throws RangeError when the box is empty, or the width is not above 0 and below a millionth of the box
 */
export function* steal(options: ThiefOptions): Generator<Query, Loot> {
  const { read, box, seed, width = 1e-10, probes = 400 } = options;
  const side = Math.min(box.x[1] - box.x[0], box.y[1] - box.y[0]);
  if (!(side > 0 && side < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`box must have sides above 0, got ${JSON.stringify(box)}`);
  }
  if (!(width > 0 && width <= side * 1e-5)) {
    throw new RangeError(`width must be above 0 and at most ${side * 1e-5}, got ${width}`);
  }
  const random = randomStream("side channel/thief", seed);
  const searched = shrunk(box, CIRCLE * side);
  const lines: StolenLine[] = [];
  let queries = 0;

  /** The reading beyond what the known lines explain. */
  function* lookAt(at: Point): Generator<Query, number> {
    const reading = read(at);
    queries++;
    yield { at, queries };
    return reading - explained(lines, at);
  }

  /** Narrows [from, to] to the width around a change of what is left; the place, and how much more is left behind it. */
  function* bisect(
    pointAt: (t: number) => Point,
    [from, to]: readonly [number, number],
    [before, after]: readonly [number, number],
    narrow: number,
  ): Generator<Query, { t: number; jump: number }> {
    let [low, high, lower, upper] = [from, to, before, after];
    while (high - low > narrow) {
      const t = (low + high) / 2;
      if (t === low || t === high) break;
      const left = yield* lookAt(pointAt(t));
      // into the half across which more changes
      if (Math.abs(left - lower) >= Math.abs(upper - left)) [high, upper] = [t, left];
      else [low, lower] = [t, left];
    }
    return { t: (low + high) / 2, jump: Math.round(upper - lower) };
  }

  /** The angle under which a line leaves a crossing, counterclockwise from fewer to more neurons, and how exactly it is known. */
  function* directionAt(
    centre: Point,
    jump: number,
  ): Generator<Query, { angle: number; error: number } | undefined> {
    for (let radius = CIRCLE * side; radius > 1000 * width; radius /= 16) {
      const start = random.uniform() * TURN;
      const pointAt = (angle: number): Point => along(centre, radius, start + angle);
      const left: number[] = [];
      for (let k = 0; k < AROUND; k++) left.push(yield* lookAt(pointAt((k * TURN) / AROUND)));
      const k = riseOf(left, jump);
      if (k === undefined) continue; // another line is near: a smaller circle
      const step = TURN / AROUND;
      const ends = [k * step, (k + 1) * step] as const;
      const { t } = yield* bisect(pointAt, ends, [left[k], left[(k + 1) % AROUND]], width / radius);
      return { angle: start + t, error: (4 * width) / radius };
    }
    return undefined;
  }

  /** Where a line crosses a short segment across it, at a place along its chord; undefined where the count does not say so. */
  function* crossing(rough: Chord, share: number, jump: number): Generator<Query, Point | undefined> {
    const middle = rough.at(share);
    const reach = Math.max(16 * width, rough.error * distance(middle, rough.through));
    const pointAt = (t: number): Point => [middle[0] + t * rough.normal[0], middle[1] + t * rough.normal[1]];
    const ends = [yield* lookAt(pointAt(-reach)), yield* lookAt(pointAt(reach))] as const;
    if (Math.round(ends[1] - ends[0]) !== jump) return undefined;
    const { t } = yield* bisect(pointAt, [-reach, reach], ends, width);
    return pointAt(t);
  }

  /** The same at one of several places between two shares of the chord. */
  function* crossingBetween(rough: Chord, [from, to]: readonly [number, number], jump: number) {
    for (let attempt = 0; attempt < 4; attempt++) {
      const found = yield* crossing(rough, from + (to - from) * random.uniform(), jump);
      if (found) return found;
    }
    return undefined;
  }

  /** A line between two places at which different numbers are left; undefined where chance led to no clear one. */
  function* lineBetween(a: Probe, b: Probe): Generator<Query, StolenLine | undefined> {
    const length = distance(a.at, b.at);
    const onTheWay = (t: number): Point => between(a.at, b.at, t / length);
    const left = [a, b].map(({ at, reading }) => reading - explained(lines, at));
    const { t, jump } = yield* bisect(onTheWay, [0, length], [left[0], left[1]], width);
    if (jump === 0) return undefined;
    const neurons = Math.abs(jump);
    const through = onTheWay(t);
    const direction = yield* directionAt(through, neurons);
    if (!direction) return undefined;
    const rough = chordOf(through, direction, searched);
    const first = rough && (yield* crossingBetween(rough, [0.01, 0.2], neurons));
    const second = first && (yield* crossingBetween(rough, [0.8, 0.99], neurons));
    if (!second) return undefined;
    const line = lineThrough(first, second, neurons);
    // a third crossing, on a segment of its own: only a line of the network has it
    const fresh = between(first, second, 0.1 + 0.8 * random.uniform());
    const off = 100 * width;
    const [below, above] = [
      yield* lookAt(beside(fresh, line, -off)),
      yield* lookAt(beside(fresh, line, off)),
    ];
    const isThrough = Math.abs(heightOf(line, through)) <= off;
    return isThrough && Math.round(above - below) === neurons ? { ...line, queries } : undefined;
  }

  const seen: Probe[] = [];
  for (let failures = 0; failures < MOST_FAILURES; ) {
    const pair = contradiction(seen, lines, random);
    if (pair) {
      const line = yield* lineBetween(...pair);
      if (line) {
        lines.push(line);
        failures = 0;
        yield { at: seen[seen.length - 1].at, queries, line };
        continue;
      }
      failures++;
    } else if (seen.length >= probes) break;
    const at = probeIn(searched, seen.length, random);
    const left = yield* lookAt(at);
    seen.push({ at, reading: left + explained(lines, at) });
  }
  return {
    lines,
    always: Math.max(0, Math.round(usual(seen.map(({ at, reading }) => reading - explained(lines, at))))),
    queries,
    isExplained: contradiction(seen, lines, random) === undefined,
  };
}

/** {@link steal} to its end. */
export function stolenFrom(options: ThiefOptions): Loot {
  const thief = steal(options);
  let step = thief.next();
  while (!step.done) step = thief.next();
  return step.value;
}

const TURN = 2 * Math.PI;

/** A place over the box, and how many fire there. */
interface Probe {
  at: Point;
  reading: number;
}

/** n·x + d: above 0 where the line's neurons fire. */
export function heightOf({ normal, offset }: Pick<StolenLine, "normal" | "offset">, [x, y]: Point): number {
  return normal[0] * x + normal[1] * y + offset;
}

/** How many neurons of these lines fire at a point. */
function explained(lines: readonly StolenLine[], at: Point): number {
  return lines.reduce((sum, line) => sum + (heightOf(line, at) > 0 ? line.neurons : 0), 0);
}

/** Two of the places at which different numbers are left, at random; undefined where the same is left everywhere. */
function contradiction(
  seen: readonly Probe[],
  lines: readonly StolenLine[],
  random: RandomStream,
): [Probe, Probe] | undefined {
  const left = seen.map(({ at, reading }) => Math.round(reading - explained(lines, at)));
  const common = usual(left);
  const odd = seen.filter((_, i) => left[i] !== common);
  if (odd.length === 0) return undefined;
  const plain = seen.filter((_, i) => left[i] === common);
  return [odd[random.below(odd.length)], plain[random.below(plain.length)]];
}

/** The whole number that comes most often. */
function usual(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(Math.round(value), (counts.get(Math.round(value)) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0])[0];
}

/**
 * Where to look next: a line through the box parts its corners, so they come first. Then in turn on the edge, where lines that part
 * the same corners lie apart, and anywhere inside.
 */
function probeIn({ x, y }: Rectangle, index: number, random: RandomStream): Point {
  if (index < 4) return [x[index & 1], y[index >> 1]];
  const inside: Point = [x[0] + (x[1] - x[0]) * random.uniform(), y[0] + (y[1] - y[0]) * random.uniform()];
  if (index % 2 === 0) return inside;
  const side = random.below(4);
  return side < 2 ? [x[side], inside[1]] : [inside[0], y[side - 2]];
}

/** The k at which the numbers around a circle rise by `jump` to the next, if half of them are high, the rest low, each in one piece. */
function riseOf(left: readonly number[], jump: number): number | undefined {
  const least = Math.min(...left);
  const isHigh = left.map((value) => Math.round(value - least) === jump);
  const isClear = left.every((value, k) => isHigh[k] || Math.round(value - least) === 0);
  const rises = left.flatMap((_, k) => (!isHigh[k] && isHigh[(k + 1) % left.length] ? [k] : []));
  const half = isHigh.filter(Boolean).length === left.length / 2;
  return isClear && half && rises.length === 1 ? rises[0] : undefined;
}

/** The part of a line in the box that is known roughly. */
interface Chord {
  through: Point;
  normal: Point;
  /** Of the angle, in radians. */
  error: number;
  /** The point at a share of its length. */
  at(share: number): Point;
}

function chordOf(
  through: Point,
  { angle, error }: { angle: number; error: number },
  box: Rectangle,
): Chord | undefined {
  const direction: Point = [cos(angle), sin(angle)];
  const ends = [box.x, box.y].map(([low, high], k) =>
    [(low - through[k]) / direction[k], (high - through[k]) / direction[k]].sort((a, b) => a - b),
  );
  const [first, last] = [Math.max(ends[0][0], ends[1][0]), Math.min(ends[0][1], ends[1][1])];
  if (!(first < last)) return undefined;
  const at = (share: number): Point => {
    const t = first + share * (last - first);
    return [through[0] + t * direction[0], through[1] + t * direction[1]];
  };
  return { through, normal: [-direction[1], direction[0]], error, at };
}

/** The line through two points, more neurons firing on the left of the way from the first to the second. */
function lineThrough(first: Point, second: Point, neurons: number): Omit<StolenLine, "queries"> {
  const length = distance(first, second);
  const normal: Point = [(first[1] - second[1]) / length, (second[0] - first[0]) / length];
  return { normal, offset: -(normal[0] * first[0] + normal[1] * first[1]), neurons };
}

function shrunk({ x, y }: Rectangle, by: number): Rectangle {
  return { x: [x[0] + by, x[1] - by], y: [y[0] + by, y[1] - by] };
}

function along([x, y]: Point, radius: number, angle: number): Point {
  return [x + radius * cos(angle), y + radius * sin(angle)];
}

function between(a: Point, b: Point, share: number): Point {
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
}

function beside([x, y]: Point, { normal }: Pick<StolenLine, "normal">, by: number): Point {
  return [x + by * normal[0], y + by * normal[1]];
}

function distance(a: Point, b: Point): number {
  return Math.sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]));
}
