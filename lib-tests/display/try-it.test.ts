import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { panelBundle, workerBundle } from "../../src/display/bundles.js";
import { TRY_IT_MIME } from "../../src/display/mime.js";
import { panel } from "../../src/display/panel-html.js";
import { showTryIt } from "../../src/display/show-try-it.js";
import type { BaselineParameters } from "../../src/experiments/baseline/baseline.js";
import { baseline } from "../../src/experiments/baseline/index.js";
import type { Publication } from "../../src/live/demonstration.js";
import { demonstrations } from "../../src/live/demonstrations.js";
import { outputsOf } from "./fake-kernel.js";

const PARAMETERS: BaselineParameters = {
  seed: 2,
  noise: 0.1,
  trainPoints: 20,
  testPoints: 20,
  hiddenLayers: [3],
  initialisation: "he",
  learningRate: 0.2,
  batchSize: 1,
  epochs: 5,
  sweepSeeds: 2,
  firstSeed: 1,
};

describe("showTryIt", () => {
  it("sends one output: the panel, what it compares with as data, and the numbers in words", () => {
    const [{ data }, ...others] = outputsOf(() => showTryIt(baseline, PARAMETERS));
    assert.deepEqual(others, []);
    const publication = data[TRY_IT_MIME] as Publication;
    assert.deepEqual(publication.parameters, { ...PARAMETERS, schedule: "constant" });
    assert.match(publication.digest, /^[0-9a-f]{16}$/);
    for (const { name } of publication.quantities) {
      assert((data["text/markdown"] as string).includes(name), name);
      assert((data["text/html"] as string).includes(name), name);
    }
    assert((data["text/html"] as string).includes(publication.digest));
  });

  it("refuses another notebook's name and values that are not allowed, and shows nothing", () => {
    const shown = outputsOf(() => {
      assert.throws(
        () => showTryIt({ ...baseline, name: "07-none" }, PARAMETERS),
        /^RangeError: notebook must be one of 01-baseline, /,
      );
      assert.throws(
        () => showTryIt(baseline, { ...PARAMETERS, noise: 3 }),
        /^RangeError: noise must be a finite number from 0 to 2, got 3/,
      );
    });
    assert.deepEqual(shown, []);
  });
});

describe("the HTML of a panel", () => {
  const publication = (name: string): Publication => ({
    notebook: "01-baseline",
    parameters: {},
    quantities: [{ name, value: null }],
    digest: "0123456789abcdef",
  });

  it("lets no text break out of it", () => {
    const { markup, scripts } = panel(publication("</script><script>alert(1)</script>"), "panel-1");
    for (const text of [markup, ...scripts]) assert.doesNotMatch(text, /<\/?script/);
    assert(markup.includes("&lt;/script&gt;"));
    assert(markup.includes("not a number"));
  });

  for (const notebook of Object.keys(demonstrations)) {
    it(`adds at most 190 kB to the page of ${notebook}, gzipped`, () => {
      const worker = Buffer.from(workerBundle(notebook), "base64");
      assert.match(gunzipSync(worker).toString(), /postMessage/);
      // the panel's own code is not packed in the page; a server would
      const bytes = workerBundle(notebook).length + panelBundle().length;
      assert(bytes <= 190_000, `${bytes} bytes`);
    });
  }
});
