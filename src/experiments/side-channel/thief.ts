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
import { randomStream } from "../../core/random.js";
import type { Rectangle } from "../plane.js";
import { beside, between, distance, heightOf, type Line, lineThrough, type Point } from "./line.js";
import { contradiction, explained, type Probe, probeIn, usual } from "./probes.js";

/**
 * Tells how many neurons fire at an input. An estimate need not be a whole number; to make one, it may look at others up to
 * `spread` away.
 */
export type Oracle = (point: Point, spread: number) => number;

/** A line that was found. */
export interface StolenLine extends Line {
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

/** Inputs spread over the box that the lines have to explain before the thief is content. */
const PROBES = 400;

/** Failures in a row after which the thief gives up. */
const MOST_FAILURES = 60;

/**
 * Steals the lines, query by query; it returns what was found when the lines explain everything.
 *
 * A page draws them one after the other, as fast as it likes:
 *
 *     const thief = steal({ read: countReader(network), box: THIEF_BOX, seed });
 *     for (let step = thief.next(); !step.done; step = thief.next()) {
 *       // one query at step.value.at; yield to the page whenever its time is up
 *       if (step.value.line) draw(step.value.line);
 *     } // then step.value is the loot
 *
 * @throws RangeError when the box is empty, or the width is not above 0 or more than 1e-5 of its shorter side
 */
export function* steal(options: ThiefOptions): Generator<Query, Loot> {
  const { read, box, seed, width = 1e-10 } = options;
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
  const spread = (CIRCLE * side) / 2;
  let queries = 0;

  function* lookAt(at: Point, spread: number): Generator<Query, number> {
    const reading = read(at, spread);
    queries++;
    yield { at, queries };
    return reading;
  }

  /** The reading beyond what known lines explain. */
  function* leftAt(at: Point, spread: number, known: readonly StolenLine[]): Generator<Query, number> {
    return (yield* lookAt(at, spread)) - explained(known, at);
  }

  /**
   * Narrows a piece of a path to `narrow` around the k-th place at which one neuron more fires, if from its start to its end
   * none falls silent.
   */
  function* bisect(
    { pointAt, range, left, perUnit, known }: Rise,
    k: number,
    narrow: number,
  ): Generator<Query, number> {
    let [[low, high], [lower, upper], toGo] = [range, left, k];
    while (high - low > narrow) {
      const t = (low + high) / 2;
      if (t === low || t === high) break;
      const here = yield* leftAt(pointAt(t), ((high - low) / 16) * perUnit, known);
      // halfway between two counts, as seen from both ends: readings that are not whole numbers may drift on the way
      const threshold = (lower + upper - Math.round(upper - lower) - 1) / 2 + toGo;
      if (here > threshold) [high, upper] = [t, here];
      else [low, lower, toGo] = [t, here, toGo - Math.round(here - lower)];
    }
    return (low + high) / 2;
  }

  /** Looks around a place on a line from near by; undefined where other lines are nearer than the circle. */
  function* lookAround(
    centre: Point,
    radius: number,
    known: readonly StolenLine[],
  ): Generator<Query, Rough | undefined> {
    const start = TURN * random.uniform();
    const pointAt = (angle: number): Point => [
      centre[0] + radius * cos(start + angle),
      centre[1] + radius * sin(start + angle),
    ];
    const left: number[] = [];
    for (let k = 0; k < AROUND; k++) left.push(yield* leftAt(pointAt(k * STEP), radius / 16, known));
    const k = riseOf(left);
    if (k === undefined) return undefined;
    const rise: Rise = {
      pointAt,
      range: [k * STEP, (k + 1) * STEP],
      left: [left[k], left[(k + 1) % AROUND]],
      perUnit: radius,
      known,
    };
    const neurons = neuronsAt(rise);
    if (neurons < 1) return undefined; // where readings are no whole numbers
    const first = yield* bisect(rise, 1, width / radius);
    // more than one where lines are so close that the circle does not part them
    const last = neurons > 1 ? yield* bisect(rise, neurons, width / radius) : first;
    const error = 4 * (last - first + width / radius);
    return chordOf(centre, start + (first + last) / 2, searched, { neurons, error, radius, known });
  }

  /** The rise across the line at a distance along it; undefined where it is not that of the neurons seen near by. */
  function* riseAcross(rough: Rough, far: number): Generator<Query, Rise | undefined> {
    const { known, error, radius } = rough;
    const reach = Math.max(16 * width, error * (radius + Math.abs(far)));
    const pointAt = (t: number): Point => beside(rough.at(far), rough, t);
    const left = [
      yield* leftAt(pointAt(-reach), reach / 16, known),
      yield* leftAt(pointAt(reach), reach / 16, known),
    ] as const;
    const rise: Rise = { pointAt, range: [-reach, reach], left, perUnit: 1, known };
    return neuronsAt(rise) === rough.neurons ? rise : undefined;
  }

  /** The same as far out as it is seen; a device that pads shows only a part of a line. */
  function* riseTowards(rough: Rough, end: number): Generator<Query, Rise | undefined> {
    for (let [attempt, far] = [0, end]; attempt < 8; attempt++) {
      const found = yield* riseAcross(rough, far * (1 - 0.2 * random.uniform()));
      if (found) return found;
      if (attempt % 2 === 1) far /= 4;
    }
    return undefined;
  }

  /** One of the lines that are seen roughly, from a crossing on either side. */
  function* lineAlong(rough: Rough): Generator<Query, StolenLine | undefined> {
    const start = yield* riseTowards(rough, rough.ends[0]);
    const end = start && (yield* riseTowards(rough, rough.ends[1]));
    if (!end) return undefined;
    const first = start.pointAt(yield* bisect(start, 1 + random.below(rough.neurons), width));
    for (let k = 1; k <= rough.neurons; k++) {
      const second = end.pointAt(yield* bisect(end, k, width));
      const line = lineThrough(first, second);
      if (yield* isSeenAgain(line, between(first, second, 0.1 + 0.8 * random.uniform()))) {
        return { ...line, queries };
      }
    }
    return undefined;
  }

  /** Whether a third crossing, on a segment of its own, is there: only a line of the network has it. */
  function* isSeenAgain(line: Line, place: Point): Generator<Query, boolean> {
    const [low, high] = [beside(place, line, -100 * width), beside(place, line, 100 * width)];
    const rise = (yield* lookAt(high, width)) - (yield* lookAt(low, width));
    // a known line there explains its own neuron's part
    return Math.round(rise) > Math.max(0, explained(lines, high) - explained(lines, low));
  }

  /** A line, not among those known, that parts two inputs; undefined where chance led to no clear one. */
  function* lineBetween(
    a: Probe,
    b: Probe,
    known: readonly StolenLine[],
  ): Generator<Query, StolenLine | undefined> {
    const [before, after] = [a, b].map(({ at, reading }) => reading - explained(known, at));
    const [from, to] = before < after ? [a.at, b.at] : [b.at, a.at];
    const length = distance(from, to);
    const way: Rise = {
      pointAt: (t) => between(from, to, t / length),
      range: [0, length],
      left: before < after ? [before, after] : [after, before],
      perUnit: 1,
      known,
    };
    if (neuronsAt(way) < 1) return undefined; // where readings are no whole numbers
    const through = way.pointAt(yield* bisect(way, 1 + random.below(neuronsAt(way)), width));
    if (known !== lines && lines.some((line) => Math.abs(heightOf(line, through)) < 100 * width))
      return undefined;
    for (let radius = CIRCLE * side; radius > 1000 * width; radius /= 16) {
      const rough = yield* lookAround(through, radius, known);
      const line = rough && (yield* lineAlong(rough));
      if (line) return line;
    }
    return undefined;
  }

  const seen: Probe[] = [];
  for (let failures = 0; failures < MOST_FAILURES; ) {
    // where a device hides some crossings, what is left misleads: then every other attempt takes readings as they are
    const known = failures % 2 === 0 ? lines : [];
    const pair = contradiction(seen, lines, random) && contradiction(seen, known, random);
    if (pair) {
      const line = yield* lineBetween(...pair, known);
      if (line) {
        lines.push(line);
        failures = 0;
        yield { at: pair[0].at, queries, line };
        continue;
      }
      failures++;
      // a reading may have been wrong
      for (const probe of pair) probe.reading = yield* lookAt(probe.at, spread);
    } else if (seen.length >= PROBES) break;
    const at = probeIn(searched, seen.length, random);
    seen.push({ at, reading: yield* lookAt(at, spread) });
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

const STEP = TURN / AROUND;

/** A piece of a path, and what is left unexplained at its ends: more at the second. */
interface Rise {
  pointAt(t: number): Point;
  range: readonly [from: number, to: number];
  left: readonly [before: number, after: number];
  /** Length of the path per unit of t. */
  perUnit: number;
  /** The lines that explain the rest. */
  known: readonly StolenLine[];
}

/** How many neurons more fire at its end than at its start. */
function neuronsAt({ left }: Rise): number {
  return Math.round(left[1] - left[0]);
}

/** The k at which the numbers around a circle rise to the next, if half of them are high, the rest low, each in one piece. */
function riseOf(left: readonly number[]): number | undefined {
  const least = Math.min(...left);
  const more = left.map((value) => Math.round(value - least));
  const most = Math.max(...more);
  const rises = left.flatMap((_, k) => (more[k] === 0 && more[(k + 1) % more.length] === most ? [k] : []));
  const highs = more.filter((value) => value === most).length;
  const lows = more.filter((value) => value === 0).length;
  return highs === lows && highs + lows === more.length && rises.length === 1 ? rises[0] : undefined;
}

/** What is known roughly: the chord of a line in the box, or of several that can hardly be told apart. */
interface Rough {
  through: Point;
  /** Towards the side on which more fire. */
  normal: Point;
  /** The point at a distance along it, with more firing on the left. */
  at(far: number): Point;
  /** The distances at which the box ends. */
  ends: readonly [back: number, ahead: number];
  /** How many neurons switch here. */
  neurons: number;
  /** Of the angle, in radians. */
  error: number;
  /** Of the circle from which it is known. */
  radius: number;
  known: readonly StolenLine[];
}

function chordOf(
  through: Point,
  angle: number,
  box: Rectangle,
  known: Pick<Rough, "neurons" | "error" | "radius" | "known">,
): Rough | undefined {
  const direction: Point = [cos(angle), sin(angle)];
  const ends = [box.x, box.y].map((sides, k) => {
    const times = sides.map((end) => (end - through[k]) / direction[k]);
    return [Math.min(...times), Math.max(...times)];
  });
  const [first, last] = [Math.max(ends[0][0], ends[1][0]), Math.min(ends[0][1], ends[1][1])];
  if (!(first < last)) return undefined;
  const at = (far: number): Point => [through[0] + far * direction[0], through[1] + far * direction[1]];
  return { through, normal: [-direction[1], direction[0]], at, ends: [first, last], ...known };
}

function shrunk({ x, y }: Rectangle, by: number): Rectangle {
  return { x: [x[0] + by, x[1] - by], y: [y[0] + by, y[1] - by] };
}
