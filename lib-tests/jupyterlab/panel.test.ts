/** The panel of a notebook in a real JupyterLab: it trains in the page, not in the kernel, and keeps its keys. */
import assert from "node:assert/strict";
import type { Publication } from "../../src/live/demonstration.js";
import { demonstrationNamed } from "../../src/live/demonstrations.js";
import { publish } from "../../src/live/session.js";
import type { Notebook } from "../../src/report/notebook.js";
import { publicationOf } from "../../src/report/page/publication.js";
import { Lab, type LabNotebook } from "./lab.js";

const NOTEBOOK = "02-out-of-distribution";
const PANEL = ".glass-house-try";

/** The cell with the panel, and what it was published with. */
function panelIn({ cells }: Notebook): { cell: number; publication: Publication } {
  for (const [cell, content] of cells.entries()) {
    const outputs = content.cell_type === "code" ? content.outputs : [];
    const publication = outputs.map(publicationOf).find((found) => found !== null);
    if (publication) return { cell, publication };
  }
  throw new Error("the notebook has no panel");
}

describe("a panel in JupyterLab", () => {
  const jupyter = new Lab();
  let lab: LabNotebook;
  let cell: number;
  let publication: Publication;
  before(async () => {
    lab = await jupyter.open(NOTEBOOK);
    await lab.setParameter("sweepSeeds", 2);
    await lab.runAll();
    ({ cell, publication } = panelIn(await lab.saved()));
    await lab.page.$eval(PANEL, (panel) => panel.scrollIntoView());
  });
  afterEach(() => assert.deepEqual(lab.problems, []));

  const until = (test: (panel: HTMLElement, wanted: string) => unknown, wanted: string): Promise<unknown> =>
    lab.page.waitForFunction(
      `(${test})(document.querySelector(${JSON.stringify(PANEL)}), ${JSON.stringify(wanted)})`,
      { timeout: 30_000, polling: 50 },
    );

  const proved = (): Promise<unknown> =>
    until(
      (panel, wanted) => panel.querySelector(".proof")?.textContent?.startsWith(wanted),
      "Reproduced to the bit",
    );

  it("reproduces the kernel's numbers to the bit", () => proved());

  it("leaves no worker behind when its cell is run again", async () => {
    const { page } = lab;
    await proved();
    assert.equal(page.workers().length, 1);
    for (let times = 0; times < 3; times++) {
      await lab.run(cell);
      await page.$eval(PANEL, (panel) => panel.scrollIntoView());
      await proved();
    }
    assert.equal(page.workers().length, 1);
  });

  it("has exercises below that are checked in the page", async () => {
    const { page } = lab;
    const number = demonstrationNamed(NOTEBOOK).exercises?.findIndex(({ kind }) => kind === "number") ?? -1;
    const article = `.glass-house-exercises .exercise:nth-of-type(${number + 1})`;
    await page.waitForSelector(`${article} input`);
    await page.type(`${article} input`, "1000000");
    await page.click(`${article} .primary`);
    await page.waitForFunction(
      (status) => document.querySelector(status)?.textContent?.startsWith("Too high."),
      { polling: 50 },
      `${article} [role=status]`,
    );
    assert.equal(page.workers().length, 1);
  });

  it("trains without the kernel, with what is typed", async () => {
    const { page } = lab;
    const before = await lab.source(cell);
    await page.evaluate(() => window.panel.sessionContext.shutdown());
    const field = `${PANEL} input[id$="-seed"]`;
    await page.click(field, { count: 3 });
    await page.type(field, "11");
    const { digest } = publish(demonstrationNamed(NOTEBOOK), {
      ...publication.parameters,
      seed: 11,
    }).publication;
    await until((panel, wanted) => panel.dataset.digest === wanted, digest);
    assert.equal(await lab.source(cell), before);
    assert.equal(new URL(page.url()).hash, "");
  });

  for (const [name, control] of [
    ["a field", `${PANEL} input[type=text]`],
    ["a slider", `${PANEL} input[type=range]`],
    ["the handle in the map", `${PANEL} .handle`],
    ["the other parameters", `${PANEL} .others > summary`],
    ["the transport", `${PANEL} .transport button`],
    ["a help mark", `${PANEL} .mark`],
    ["an entry of a legend", ".jp-Cell .glass-house-plot .legendtoggle"],
    ["a tool of a chart outside the panel", ".jp-Cell :not(.place) > .glass-house-plot .modebar-btn"],
  ] as const) {
    it(`keeps what is typed at ${name} from the notebook, where dd deletes a cell`, async () => {
      const cells = (): Promise<string[]> =>
        lab.page.evaluate(() => window.panel.content.widgets.map(({ model }) => model.sharedModel.source));
      const before = await cells();
      await lab.page.waitForSelector(control);
      await lab.page.$eval(control, (focused) => (focused as HTMLElement).focus());
      await lab.page.keyboard.type("dd");
      assert.deepEqual(await cells(), before);
    });
  }
});
