import assert from "node:assert/strict";
import vm from "node:vm";
import { failureText } from "../../src/report/cell-failure.js";

/** What tslab prints of a compiler's finding, as the arguments that it prints it with. */
const finding = (text: string): unknown[] => ["%s%d:%d - %s", "", 2, 5, text];

describe("the text under a failed cell", () => {
  it("says to run the cells above before it lists the names that are missing", () => {
    const said = ["show", "seed", "show"].map((name) => finding(`Cannot find name '${name}'.`));
    assert.deepEqual(failureText(said).split("\n"), [
      "Run the cells above first: no cell run so far declares show, seed.",
      "2:5 - Cannot find name 'show'.",
      "2:5 - Cannot find name 'seed'.",
      "2:5 - Cannot find name 'show'.",
    ]);
  });

  for (const text of [
    `Module '"glass-house"' has no exported member 'trainNetwork'.`,
    `'"glass-house"' has no exported member named 'trian'. Did you mean 'train'?`,
  ]) {
    it(`says where to take a notebook from that is of another version: ${text}`, () => {
      const [advice, ...rest] = failureText([finding(text)]).split("\n");
      assert.match(advice, /another version of glass-house: copy it from notebooks\/ again.*--set/);
      assert.deepEqual(rest, [`2:5 - ${text}`]);
    });
  }

  it("is the compiler's alone where another package lacks a name", () => {
    const text = `Module '"ml-matrix"' has no exported member 'Matrixx'.`;
    assert.equal(failureText([finding(text)]), `2:5 - ${text}`);
  });

  it("is the compiler's alone where no name is missing", () => {
    const said = [finding("Type 'string' is not assignable to type 'number'.")];
    assert.equal(failureText(said), "2:5 - Type 'string' is not assignable to type 'number'.");
    assert.equal(failureText([]), "");
  });

  it("begins with an error's own words, and not with the line of code that threw it", () => {
    let thrown: unknown;
    try {
      vm.runInThisContext('throw new RangeError("learningRate must be a finite number > 0, got -1")');
    } catch (error) {
      thrown = error;
    }
    assert.match((thrown as Error).stack ?? "", /^evalmachine.*\nthrow new RangeError/);
    assert.match(
      failureText([[thrown]]),
      /^RangeError: learningRate must be a finite number > 0, got -1\n +at evalmachine/,
    );
  });

  it("keeps a message of several lines, a cause, and what was thrown that is no error", () => {
    const error = new Error("notes:3\na\n\nb", { cause: new Error("why") });
    assert.match(failureText([[error]]), /^Error: notes:3\na\n\nb\n.*cause.*why/s);
    assert.equal(failureText([[{ a: 1 }]]), "{ a: 1 }");
    assert.equal(failureText([["100%s"]]), "100%s");
  });
});
