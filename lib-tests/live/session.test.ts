import assert from "node:assert/strict";
import * as z from "zod/mini";
import type { Gradual } from "../../src/core/network/gradual.js";
import { documented, parse } from "../../src/core/validate.js";
import type { Beat, Overridden, Reading } from "../../src/experiments/panel.js";
import type { AnyDemonstration } from "../../src/live/demonstration.js";
import { type Answer, type Clock, publish, type Request } from "../../src/live/session.js";
import { sessionOf } from "../support/sessions.js";

interface Toy {
  size: number;
  look: number;
}

const schema: z.ZodMiniType<Toy> = z.strictObject({
  size: documented(z.int().check(z.gte(1), z.lte(9)), "How large"),
  look: z.number(),
});

/** A demonstration that trains nothing and tells how often. */
function toy(): AnyDemonstration & { trainings: number } {
  return {
    trainings: 0,
    notebook: "00-toy",
    invitation: "",
    schemas: [schema],
    defaults: { size: 1, look: 0 },
    extras: { look: 0 },
    controls: [],
    looks: ["look"],
    check: (values) => parse(schema, values, "parameters"),
    *train({ size }: Toy) {
      this.trainings++;
      if (size === 8) throw new Error("eight is too much");
      if (size === 7) throw new RangeError("size must not be 7 today, got 7");
      if (size === 6) throw new RangeError("Invalid array length");
      const squares: number[] = [];
      for (let epoch = 0; ; epoch++) {
        yield { epoch, epochs: size, now: () => ({ squares: [...squares] }) };
        if (epoch === size) return { squares };
        squares.push(epoch * epoch);
      }
    },
    read: ({ squares }: { squares: number[] }, { look }: Toy) => ({
      pictures: [],
      quantities: [
        { name: "seen", value: squares[look] ?? Number.NaN },
        { name: "a third", value: 1 / 3 },
      ],
    }),
    key: ({ size }: Toy) => String(size),
    again: ({ size }: Toy, seed) => String(size * seed),
    async judge({ size }: Toy, run) {
      const results = await run([1, 2, 3], (point) => point * size);
      await run([1], (point) => point);
      return { claim: "", stamp: "holds", rows: [], summary: results.join() };
    },
  };
}

describe("a session of a panel", () => {
  const of = (demonstration = toy()) => {
    return { demonstration, ...sessionOf(demonstration) };
  };

  it("trains again only when something changed that training depends on", async () => {
    const { demonstration, answers, session } = of();
    await session.handle({ id: 1, kind: "read", values: { size: 3, look: 0 } });
    await session.handle({ id: 2, kind: "read", values: { look: 2, size: 3 } });
    assert.equal(demonstration.trainings, 1);
    await session.handle({ id: 3, kind: "read", values: { size: 4, look: 2 } });
    assert.equal(demonstration.trainings, 2);
    assert.deepEqual(
      answers.map(
        (answer) => answer.kind === "reading" && [answer.hasTrained, answer.reading.quantities[0].value],
      ),
      [
        [true, 0],
        [false, 4],
        [true, 4],
      ],
    );
  });

  it("says before it trains which parameters have no effect, where the demonstration knows of such", async () => {
    const overridden = ({ look }: Toy): Overridden[] =>
      look === 0 ? [] : [{ name: "size", value: 1, by: "the look" }];
    const { answers, session } = of({ ...toy(), overridden });
    await session.handle({ id: 1, kind: "read", values: { size: 3, look: 2 } });
    await session.handle({ id: 2, kind: "read", values: { size: 3, look: 0 } });
    await session.handle({ id: 3, kind: "judge", values: { size: 3, look: 2 } });
    const kinds = answers.map(({ id, kind }) => `${id} ${kind}`);
    assert.deepEqual(kinds.slice(0, 4), ["1 overridden", "1 reading", "2 overridden", "2 reading"]);
    assert.equal(kinds.includes("3 overridden"), false);
    assert.deepEqual(answers[0], {
      id: 1,
      kind: "overridden",
      parameters: [{ name: "size", value: 1, by: "the look" }],
    });
  });

  it("answers what is not allowed with the parameter at fault", async () => {
    const { demonstration, answers, session } = of();
    await session.handle({ id: 7, kind: "read", values: { size: 10, look: 0 } });
    await session.handle({ id: 8, kind: "judge", values: { size: 3, look: 0, colour: "red" } });
    const [first, second] = answers as { message: string; field?: string }[];
    assert.deepEqual(first, {
      id: 7,
      kind: "refusal",
      message: "size must be a whole number from 1 to 9, got 10",
      field: "size",
    });
    assert.match(second.message, /parameters has no option named colour/);
    assert.equal(second.field, undefined);
    assert.equal(demonstration.trainings, 0);
  });

  it("answers what only training finds to be not allowed with the parameter at fault, too", async () => {
    const { answers, session } = of();
    await session.handle({ id: 1, kind: "read", values: { size: 7, look: 0 } });
    await session.handle({ id: 2, kind: "read", values: { size: 6, look: 0 } });
    assert.deepEqual(answers, [
      { id: 1, kind: "refusal", message: "size must not be 7 today, got 7", field: "size" },
      { id: 2, kind: "failure", message: "Invalid array length" },
    ]);
  });

  it("answers a failure with its words, and goes on", async () => {
    const { answers, session } = of();
    await session.handle({ id: 1, kind: "read", values: { size: 8, look: 0 } });
    await session.handle({ id: 2, kind: "read", values: { size: 2, look: 1 } });
    assert.deepEqual(answers[0], { id: 1, kind: "failure", message: "eight is too much" });
    assert.equal(answers[1].kind, "reading");
  });

  it("judges with the plain loop, and tells how far it is at each of its steps", async () => {
    const { answers, session } = of();
    await session.handle({ id: 5, kind: "judge", values: { size: 2, look: 0 } });
    assert.deepEqual(
      answers.map((answer) =>
        answer.kind === "progress" ? `${answer.step}: ${answer.done}/${answer.total}` : answer.kind,
      ),
      ["1: 0/3", "1: 1/3", "1: 2/3", "1: 3/3", "2: 0/1", "2: 1/1", "verdict"],
    );
    const last = answers.at(-1);
    assert.equal(last?.kind === "verdict" && last.verdict.summary, "2,4,6");
  });

  it("gives the digest that is published, and another for another number", async () => {
    const { answers, session } = of();
    const { publication } = publish(toy(), { size: 3 });
    assert.deepEqual(publication.parameters, { size: 3, look: 0 });
    await session.handle({ id: 1, kind: "read", values: publication.parameters });
    await session.handle({ id: 2, kind: "read", values: { size: 3, look: 1 } });
    await session.handle({ id: 3, kind: "read", values: { size: 3, look: 5 } });
    const digests = answers.map((answer) => answer.kind === "reading" && answer.digest);
    assert.equal(digests[0], publication.digest);
    assert.equal(new Set(digests).size, 3);
    // what is not a number is null in JSON
    const third = answers[2];
    assert.equal(third.kind === "reading" && third.reading.quantities[0].value, null);
  });

  it("refuses to publish what is not allowed", () => {
    assert.throws(() => publish(toy(), { size: 0 }), /size must be a whole number from 1 to 9, got 0/);
  });
});

/** A clock that goes on while somebody trains or waits, and hands over messages where a session lets them in. */
function slowClock(): Clock & { time: number; at: [time: number, act: () => void][]; silences: number[] } {
  let heard = 0;
  return {
    time: 0,
    at: [],
    silences: [],
    now() {
      return this.time;
    },
    async pause(ms) {
      this.silences.push(this.time - heard);
      this.time += ms;
      heard = this.time;
      await Promise.resolve();
      const due = this.at.filter(([time]) => time <= this.time);
      this.at = this.at.filter(([time]) => time > this.time);
      for (const [, act] of due) act();
    },
  };
}

/** A demonstration that sums the epochs done, each of which takes a while; a frame takes 5 ms. */
function slow(clock: { time: number }, cost = 3): AnyDemonstration & { begun: number; moving: number } {
  const demonstration = {
    ...toy(),
    begun: 0,
    moving: 0,
    schemas: [],
    check: (values: object) => values,
    *train(this: { begun: number }, { size }: Toy): Gradual<number> {
      demonstration.begun++;
      let sum = 0;
      for (let epoch = 0; ; epoch++) {
        yield { epoch, epochs: size, now: () => sum };
        if (epoch === size) return sum;
        clock.time += cost;
        sum += epoch + 1;
      }
    },
    read(sum: number, { look }: Toy, isMoving = false): Reading {
      if (isMoving) {
        clock.time += 5;
        demonstration.moving++;
      }
      return { pictures: [], quantities: [{ name: "sum", value: sum + look }] };
    },
  };
  return demonstration as never;
}

describe("a session that trains", () => {
  const of = (cost?: number) => {
    const clock = slowClock();
    const demonstration = slow(clock, cost);
    return { clock, demonstration, ...sessionOf(demonstration, clock) };
  };
  const sumTo = (epoch: number): number => (epoch * (epoch + 1)) / 2;
  const read = (id: number, own: object = {}, size = 100, look = 0): Request => ({
    id,
    kind: "read",
    values: { size, look },
    ...own,
  });
  const shown = (answer: Answer): unknown =>
    answer.kind === "frame" || answer.kind === "reading"
      ? [answer.kind, answer.epoch, answer.reading.quantities[0].value]
      : answer.kind;
  const positions = (answers: readonly Answer[]): number[] =>
    answers.flatMap((answer) => (answer.kind === "frame" ? [answer.epoch] : []));
  /** Draws each frame as soon as it is there. */
  const drawing = ({ session, answers }: Pick<ReturnType<typeof of>, "session" | "answers">): void => {
    const push = answers.push.bind(answers);
    answers.push = (...all) => {
      for (const { id, kind } of all) if (kind === "frame") void session.handle({ id, kind: "drawn" });
      return push(...all);
    };
  };

  it("shows frames on the way, one after the other is drawn, and the whole at the end", async () => {
    const own = of();
    drawing(own);
    await own.session.handle(read(1));
    const epochs = positions(own.answers);
    assert.ok(epochs.length >= 4, String(epochs));
    for (const answer of own.answers.slice(0, -1)) {
      assert.ok(answer.kind === "frame");
      assert.equal(answer.epochs, 100);
      assert.equal(answer.reading.quantities[0].value, sumTo(answer.epoch));
    }
    assert.deepEqual(
      epochs,
      [...new Set(epochs)].sort((a, b) => a - b),
    );
    assert.deepEqual(shown(own.answers[own.answers.length - 1]), ["reading", 100, sumTo(100)]);
  });

  it("sends no second frame before the first is drawn", async () => {
    const { session, answers, demonstration } = of();
    await session.handle(read(1));
    assert.deepEqual(
      answers.map(({ kind }) => kind),
      ["frame", "reading"],
    );
    assert.equal(demonstration.moving, 1);
  });

  it("listens at least after each slice of 10 ms, an epoch and a frame longer at most", async () => {
    const own = of(3);
    drawing(own);
    await own.session.handle(read(1));
    assert.ok(own.clock.silences.length > 10);
    assert.ok(Math.max(...own.clock.silences) <= 10 + 3 + 5, String(own.clock.silences));
  });

  it("hears at once, long before the training ends, and stays where it is at a halt", async () => {
    const { session, answers, clock } = of();
    const heard: number[] = [];
    clock.at.push([50, () => heard.push(answers.length)]);
    clock.at.push([50, () => void session.handle({ id: 1, kind: "halt" })]);
    await session.handle(read(1));
    const last = answers[answers.length - 1];
    assert.equal(heard.length, 1);
    assert.ok(last.kind === "reading" && last.epoch > 0 && last.epoch < 30, JSON.stringify(last));
    assert.equal(last.reading.quantities[0].value, sumTo(last.epoch));
    // and goes on from there
    await session.handle(read(2, { to: last.epoch + 1 }));
    assert.deepEqual(shown(answers[answers.length - 1]), ["reading", last.epoch + 1, sumTo(last.epoch + 1)]);
  });

  it("seeks forwards from where it is, and backwards from the start, to the same bits", async () => {
    const { session, answers, demonstration } = of();
    const to = async (id: number, epoch: number): Promise<unknown> => {
      await session.handle(read(id, { to: epoch }));
      return shown(answers[answers.length - 1]);
    };
    assert.deepEqual(await to(1, 40), ["reading", 40, sumTo(40)]);
    assert.deepEqual(await to(2, 70), ["reading", 70, sumTo(70)]);
    assert.equal(demonstration.begun, 1);
    assert.deepEqual(await to(3, 12), ["reading", 12, sumTo(12)]);
    assert.equal(demonstration.begun, 2);
    assert.deepEqual(await to(4, 0), ["reading", 0, 0]);
    assert.deepEqual(await to(5, 5000), ["reading", 100, sumTo(100)]);
    assert.equal(demonstration.begun, 3);
  });

  it("reads what is looked at where it is, without training", async () => {
    const { session, answers, demonstration } = of();
    await session.handle(read(1, { to: 40 }));
    await session.handle(read(2, { to: 40 }, 100, 7));
    const last = answers[answers.length - 1];
    assert.deepEqual(shown(last), ["reading", 40, sumTo(40) + 7]);
    assert.ok(last.kind === "reading" && !last.hasTrained);
    assert.equal(demonstration.begun, 1);
  });

  it("lets a newer request take over, and answers the older one no more", async () => {
    const { session, answers, clock, demonstration } = of();
    clock.at.push([30, () => void session.handle(read(2, {}, 60))]);
    clock.at.push([30, () => void session.handle(read(3, {}, 50))]);
    await session.handle(read(1));
    await session.handle({ id: 3, kind: "drawn" });
    assert.deepEqual(
      answers.flatMap(({ id, kind }) => (kind === "frame" ? [] : [id])),
      [3],
    );
    assert.deepEqual(shown(answers[answers.length - 1]), ["reading", 50, sumTo(50)]);
    assert.equal(demonstration.begun, 2);
  });

  it("goes on with the same training where only the look is another", async () => {
    const { session, answers, clock, demonstration } = of();
    clock.at.push([30, () => void session.handle(read(2, {}, 100, 9))]);
    await session.handle(read(1));
    await session.handle({ id: 2, kind: "drawn" });
    assert.deepEqual(shown(answers[answers.length - 1]), ["reading", 100, sumTo(100) + 9]);
    assert.equal(demonstration.begun, 1);
  });

  it("keeps the pace it is asked for, from the epoch where it is, which it shows first", async () => {
    const own = of(1);
    drawing(own);
    await own.session.handle(read(1, { pace: 20, to: 10 }));
    assert.equal(positions(own.answers)[0], 0);
    assert.deepEqual(positions(own.answers), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.ok(own.clock.time >= 500 && own.clock.time < 560, String(own.clock.time));
    // also where somebody looks elsewhere all the time
    const started = own.clock.time;
    for (let k = 1; k < 40; k++) {
      own.clock.at.push([
        started + 12 * k,
        () => void own.session.handle(read(1 + k, { pace: 20, to: 20 }, 100, k)),
      ]);
    }
    await own.session.handle(read(1.5, { pace: 20, to: 20 }));
    while (own.clock.at.length > 0) await own.clock.pause(1);
    await own.session.handle({ id: 0, kind: "drawn" });
    assert.deepEqual(shown(own.answers[own.answers.length - 1]), ["reading", 20, sumTo(20) + 39]);
    assert.ok(own.clock.time - started < 560, String(own.clock.time - started));
  });

  it("says what it counts where that is not epochs, and is nowhere before it begins to count", async () => {
    const queries: Beat = { one: "query", many: "queries", paces: [1] };
    const demonstration: AnyDemonstration = {
      ...slow(slowClock()),
      beat: (parameters) => ((parameters as Toy).size === 4 ? queries : undefined),
      *train() {
        for (let epoch = -3; epoch < 4; epoch++) yield { epoch, epochs: 4, now: () => epoch };
        yield { epoch: 4, epochs: 4, now: () => 4 };
        return 4;
      },
    };
    const { session, answers } = sessionOf(demonstration);
    await session.handle(read(1, { to: 0 }, 4));
    await session.handle(read(2, { to: 0 }, 5));
    const [counted, usual] = answers.filter((answer) => answer.kind === "reading");
    assert.deepEqual([counted.epoch, counted.epochs, counted.beat], [0, 4, queries]);
    assert.deepEqual([usual.epoch, usual.beat], [0, undefined]);
  });

  it("refuses silly epochs and paces by name", async () => {
    const { session, answers } = of();
    await session.handle(read(1, { to: -1 }));
    await session.handle(read(2, { pace: 0 }));
    assert.deepEqual(answers, [
      { id: 1, kind: "failure", message: "to must be a number of epochs >= 0, got -1" },
      { id: 2, kind: "failure", message: "pace must be a number of epochs a second > 0, got 0" },
    ]);
  });
});
