import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  fromJson,
  type Json,
  packed,
  type Shape,
  textOf,
  toJson,
  unpacked,
  widened,
} from "../../src/evidence/codec.js";

/** Plain data, with all that JSON cannot say. */
const plain: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    fc.double(),
    fc.constantFrom(Number.NaN, -0, 0, 1e300, 5e-324, Number.NEGATIVE_INFINITY, null, true, false),
    fc.constantFrom("", "#", "#NaN", "##", "#-0", "text", "\ud800"),
    fc.string(),
    fc.array(tie("any")),
    fc.dictionary(fc.constantFrom("a", "b", "10", "2", "__proto__", "#"), tie("any"), {
      noNullPrototype: true,
    }),
  ),
})).any;

const written = (value: unknown): unknown => fromJson(JSON.parse(JSON.stringify(toJson(value))));

describe("results as JSON", () => {
  it("go there and back to the bit", () => {
    fc.assert(fc.property(plain, (value) => assert.deepEqual(written(value), value)));
    assert.deepEqual(written([undefined, [undefined]]), [undefined, [undefined]]);
    assert.equal(
      JSON.stringify(toJson([Number.NaN, -0, 0, 1 / 0, -1 / 0, "#x", "x"])),
      '["#NaN","#-0",0,"#Infinity","#-Infinity","##x","x"]',
    );
  });

  it("leave out keys without a value, as if they were not there", () => {
    assert.deepEqual(toJson({ a: undefined, b: 1 }), { b: 1 });
    assert.equal(textOf({ a: undefined, b: 1 }), textOf({ b: 1 }));
  });

  it("are the same text only if they are the same bits, whatever the order of keys", () => {
    assert.equal(textOf({ a: 1, b: [{ c: 2, d: 3 }] }), textOf({ b: [{ d: 3, c: 2 }], a: 1 }));
    for (const [a, b] of [
      [0, -0],
      [0.1 + 0.2, 0.3],
      [Number.NaN, "#NaN"],
      [Number.NaN, null],
      [undefined, "#"],
      [[1], { 0: 1 }],
      [{ a: null }, {}],
    ]) {
      assert.notEqual(textOf(a), textOf(b));
    }
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        let isSame = true;
        try {
          assert.deepEqual(a, b);
        } catch {
          isSame = false;
        }
        assert.equal(textOf(a) === textOf(b), isSame);
      }),
    );
  });

  class Own {}
  const endless: unknown[] = [];
  endless.push(endless);
  for (const [what, value, got] of [
    [
      "a typed array",
      Float64Array.of(1),
      /^result\.a\[1\] must be plain data .*, got an object of type Float64Array$/,
    ],
    ["a function", () => 1, /^result\.a\[1\] must be plain data .*, got a function$/],
    ["a bigint", 1n, /, got a bigint$/],
    ["a symbol", Symbol("s"), /, got a symbol$/],
    ["a date", new Date(0), /, got an object of type Date$/],
    ["a map", new Map(), /, got an object of type Map$/],
    ["a class's", new Own(), /, got an object of type Own$/],
    ["one with a symbol for a key", { [Symbol("s")]: 1 }, /^result\.a\[1\] must be plain data/],
    [
      "what holds itself",
      endless,
      /^result\.a\[1\]\[0\].* must be plain data at most 50 levels deep, got more$/,
    ],
  ] as const) {
    it(`refuse ${what}, and say where`, () => {
      assert.throws(() => toJson({ a: [1, value] }), { name: "TypeError", message: got });
    });
  }
});

describe("packed results", () => {
  const shapeOf = (all: readonly Json[]): Shape =>
    all.reduce<Shape | undefined>(widened, undefined) ?? "value";

  it("are unpacked to what they were", () => {
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1 }), (values) => {
        const json = values.map((value) => toJson(value));
        const shape = JSON.parse(JSON.stringify(shapeOf(json))) as Shape;
        const back = json.map((one) =>
          fromJson(unpacked(JSON.parse(JSON.stringify(packed(one, shape))), shape)),
        );
        assert.deepEqual(back, values);
      }),
    );
  });

  it("state keys once, also of objects in lists, and of those that some have", () => {
    const json = [
      {
        seed: 1,
        curve: [
          { x: 1, y: 2 },
          { x: 3, y: 4 },
        ],
      },
      { seed: 2, curve: [], note: "none" },
    ];
    const shape = shapeOf(json);
    assert.deepEqual(shape, { seed: "value", curve: [{ x: "value", y: "value" }], note: "value" });
    assert.deepEqual(
      json.map((one) => packed(one, shape)),
      [
        [
          1,
          [
            [1, 2],
            [3, 4],
          ],
          "#",
        ],
        [2, [], "none"],
      ],
    );
  });

  it("are not packed where a list may be an object", () => {
    assert.equal(shapeOf([{ a: 1 }, [1]]), "mixed");
    assert.deepEqual(packed({ a: 1 }, "mixed"), { a: 1 });
  });

  it("have one shape, whether some were unpacked and seen before", () => {
    const first: Json[] = [{ b: 1 }, { c: 1, a: { y: 1 } }];
    const later: Json[] = [{ a: { x: 1, y: 2 }, d: 1, b: 2 }];
    const own = shapeOf(first);
    const again = first.map((one) => unpacked(packed(one, own), own));
    assert.equal(
      JSON.stringify(shapeOf([...again, ...later])),
      JSON.stringify(shapeOf([...first, ...later])),
    );
  });

  it("that have another shape are refused", () => {
    for (const [json, shape] of [
      [[1, 2], { a: "value" }],
      [[1], "value"],
      [{ a: 1 }, { a: "value" }],
    ] as const) {
      assert.throws(() => unpacked(json, shape), /^TypeError: unexpected shape: /);
    }
  });
});
