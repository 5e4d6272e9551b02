/** The panel of a notebook in a real JupyterLab: it trains in the page, not in the kernel, and keeps its keys. */
import assert from "node:assert/strict";
import { TRY_IT_MIME } from "../../src/display/mime.js";
import type { Publication } from "../../src/live/demonstration.js";
import { demonstrationOf } from "../../src/live/demonstrations/index.js";
import { publish } from "../../src/live/session.js";
import type { Notebook } from "../../src/report/notebook.js";
import { Lab } from "./lab.js";

const NOTEBOOK = "02-out-of-distribution";
const PANEL = ".glass-house-try";

/** The cell with the panel, and what it was published with. */
function panelIn({ cells }: Notebook): { cell: number; publication: Publication } {
  for (const [cell, { outputs = [] }] of (
    cells as { outputs?: { data?: Record<string, unknown> }[] }[]
  ).entries()) {
    const publication = outputs.map(({ data }) => data?.[TRY_IT_MIME]).find((data) => data !== undefined);
    if (publication !== undefined) return { cell, publication: publication as Publication };
  }
  throw new Error("the notebook has no panel");
}

describe("a panel in JupyterLab", () => {
  const jupyter = new Lab();

  it("reproduces the kernel's numbers to the bit, and trains without the kernel with what is typed", async () => {
    const lab = await jupyter.open(NOTEBOOK);
    const { page } = lab;
    await lab.setParameter("sweepSeeds", 2);
    await lab.runAll();
    const { cell, publication } = panelIn(await lab.saved());
    await lab.show(cell);
    await page.waitForFunction(
      (selector) =>
        document.querySelector(`${selector} .proof`)?.textContent?.startsWith("Reproduced to the bit"),
      { timeout: 30_000, polling: 50 },
      PANEL,
    );
    // none of what is typed may reach the notebook, where dd deletes a cell, b adds one and 1 makes a heading of it
    const before = await lab.source(cell);
    const cells = (): Promise<number> => page.evaluate(() => window.panel.content.widgets.length);
    const cellsBefore = await cells();
    await page.evaluate(() => window.panel.sessionContext.shutdown());
    for (const control of ["input[type=range]", ".handle", "summary"]) {
      await page.waitForSelector(`${PANEL} ${control}`);
      await page.focus(`${PANEL} ${control}`);
      await page.keyboard.type("ddb");
      assert.equal(await cells(), cellsBefore, `letters typed at ${control}`);
    }
    const field = `${PANEL} input[id$="-seed"]`;
    await page.click(field, { count: 3 });
    await page.type(field, "dd");
    await page.click(field, { count: 3 });
    await page.type(field, "11");
    const { digest } = publish(demonstrationOf(NOTEBOOK), {
      ...publication.parameters,
      seed: 11,
    }).publication;
    await page.waitForFunction(
      (selector, wanted) => document.querySelector<HTMLElement>(selector)?.dataset.digest === wanted,
      { timeout: 30_000, polling: 50 },
      PANEL,
      digest,
    );
    assert.equal(await lab.source(cell), before);
    assert.equal(await cells(), cellsBefore);
    assert.equal(new URL(page.url()).hash, "");
    assert.deepEqual(lab.problems, []);
    await lab.close();
  });
});
