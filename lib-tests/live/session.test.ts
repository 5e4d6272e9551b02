import assert from "node:assert/strict";
import * as z from "zod/mini";
import { digestOf } from "../../src/core/digest.js";
import { documented, parse } from "../../src/core/validate.js";
import type { Overridden } from "../../src/experiments/panel.js";
import type { Demonstration } from "../../src/live/demonstration.js";
import { publish } from "../../src/live/session.js";
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
function toy(): Demonstration<Toy, { squares: number[] }> & { trainings: number } {
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
    *train({ size }) {
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
    read: ({ squares }, { look }) => ({
      pictures: [],
      quantities: [
        { name: "seen", value: squares[look] ?? Number.NaN },
        { name: "a third", value: 1 / 3 },
      ],
    }),
    key: ({ size }) => String(size),
    again: ({ size }, seed) => String(size * seed),
    async judge({ size }, run) {
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

describe("digestOf", () => {
  it("has 16 digits, the first half FNV-1a's own", () => {
    // RFC 9923, section 6: FNV-1a of 32 bits of "", "a" and "foobar"
    assert.deepEqual(
      ["", "a", "foobar"].map((text) => digestOf(text).slice(0, 8)),
      ["811c9dc5", "e40c292c", "bf9cf968"],
    );
    assert.match(digestOf("x"), /^[0-9a-f]{16}$/);
  });

  it("has a second half in which each place counts", () => {
    // by a program of its own in another language, after the definition in digest.ts
    assert.deepEqual(
      ["a", "foobar", "glass house"].map((text) => digestOf(text).slice(8)),
      ["12deab17", "e64c2d54", "d643e811"],
    );
  });

  it("differs where a digit, a place or a length differs", () => {
    const texts = [
      "[0.1,0.2]",
      "[0.2,0.1]",
      "[0.1,0.20]",
      "[0.1, 0.2]",
      "[0.10000000000000002,0.2]",
      "[]",
      "",
    ];
    assert.equal(new Set(texts.map(digestOf)).size, texts.length);
  });
});
