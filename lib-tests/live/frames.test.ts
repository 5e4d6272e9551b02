import assert from "node:assert/strict";
import type { Reading } from "../../src/experiments/panel.js";
import { demonstrations } from "../../src/live/demonstrations.js";
import { sessionOf } from "../support/sessions.js";

const EPOCHS = 12;

describe("the frames of every panel", () => {
  for (const [name, demonstration] of Object.entries(demonstrations)) {
    const values = (own: object): Record<string, unknown> => ({
      ...demonstration.defaults,
      trainPoints: 40,
      testPoints: 60,
      epochs: EPOCHS,
      ...own,
    });
    const readingAt = async (to: number | undefined, own: object = {}): Promise<[Reading, string]> => {
      const { session, answers } = sessionOf(demonstration);
      await session.handle({ id: 1, kind: "read", values: values(own), ...(to !== undefined && { to }) });
      const last = answers[answers.length - 1];
      assert.ok(last.kind === "reading", JSON.stringify(last));
      return [last.reading, last.digest];
    };

    it(`${name} goes on to the same reading, whatever was looked at on the way`, async () => {
      const { session, answers } = sessionOf(demonstration);
      for (const to of [3, 7, 7, EPOCHS, 5, EPOCHS]) {
        await session.handle({ id: to, kind: "read", values: values({}), to });
      }
      const digests = answers.flatMap((answer) => (answer.kind === "reading" ? [answer.digest] : []));
      assert.equal(digests.length, 6);
      assert.equal(digests[1], digests[2]);
      assert.notEqual(digests[0], digests[1]);
      assert.equal(digests[3], (await readingAt(undefined))[1]);
      assert.equal(digests[5], digests[3]);
    });

    it(`${name} shows in a frame what its reading shows, but for what is heavy`, () => {
      const parameters = demonstration.check(values({}));
      const training = demonstration.train(parameters);
      let moments = 0;
      for (;;) {
        const { done, value } = training.next();
        const trained = done ? value : value.now();
        const [frame, reading] = [true, false].map((is) => demonstration.read(trained, parameters, is));
        const names = (parts: readonly { name: string }[]): string[] => parts.map((part) => part.name);
        assert.deepEqual(names(frame.quantities), names(reading.quantities));
        const pictures = names(reading.pictures).filter((own) => names(frame.pictures).includes(own));
        assert.deepEqual(names(frame.pictures), pictures);
        assert.ok(pictures.length > 0);
        if (done) break;
        assert.equal(value.epoch, moments++);
        assert.equal(value.epochs, EPOCHS);
      }
      assert.equal(moments, EPOCHS + 1);
    });

    it(`${name} has a trace for each of its ghosts, and words for numbers`, async () => {
      const [{ pictures, quantities }] = await readingAt(undefined);
      const ghosts = pictures.filter(({ ghost }) => ghost !== undefined);
      assert.ok(ghosts.length > 0);
      for (const { name: picture, ghost, figure } of ghosts) {
        const traces = figure.data.map((trace) => (trace as { name?: string }).name ?? "");
        assert.ok(
          ghost?.some((own) => traces.includes(own)),
          `${picture}: ${traces}`,
        );
      }
      assert.ok(quantities.some(({ words }) => words !== undefined));
    });
  }
});

describe("the worst attack, which has to be found first", () => {
  const demonstration = demonstrations["03-poisoning"];
  const values = {
    ...demonstration.defaults,
    trainPoints: 40,
    testPoints: 60,
    epochs: EPOCHS,
    attack: "worst",
    flipped: [3],
  };

  it("is looked for in breaths, and the same when somebody looks before it is found", async () => {
    const parameters = demonstration.check(values);
    const epochs: number[] = [];
    const training = demonstration.train(parameters);
    let next = training.next();
    for (; !next.done; next = training.next()) epochs.push(next.value.epoch);
    assert.ok(epochs.filter((epoch) => epoch === 0).length > EPOCHS, "it searches at epoch 0");
    assert.deepEqual(
      [...new Set(epochs)],
      Array.from({ length: EPOCHS + 1 }, (_, i) => i),
    );
    const { session, answers } = sessionOf(demonstration);
    await session.handle({ id: 1, kind: "read", values, to: 0 });
    await session.handle({ id: 2, kind: "read", values });
    await session.handle({ id: 3, kind: "read", values: { ...values, seed: 2 } });
    await session.handle({ id: 4, kind: "read", values });
    const digests = answers.flatMap((answer) => (answer.kind === "reading" ? [answer.digest] : []));
    assert.equal(digests[1], digests[3]);
    assert.notEqual(digests[1], digests[2]);
  });
});
