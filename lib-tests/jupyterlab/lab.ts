/**
 * A notebook open in JupyterLab, handled as a reader does it: by mouse, keyboard and menu. What JupyterLab itself knows
 * of the notebook is read from its application object, which the page of the tests has as `window.jupyterapp`.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Browser, type KeyInput, type Page, TimeoutError } from "puppeteer-core";
import { type Notebook, readExecutedNotebook } from "../../src/report/notebook.js";
import { DRAWN_CHART, launchOrSkip, servedPage } from "../support/browsers.js";
import { type JupyterServer, startJupyter } from "../support/jupyter.js";
import { findPython } from "../support/programs.js";
import { skipUnless } from "../support/skip.js";
import { APP, frontEnd, InstallError } from "./front-end.js";

/** The parts of JupyterLab's objects that are used here. */
interface Application {
  commands: { execute(command: string): Promise<unknown> };
  shell: { currentWidget: Panel | null };
}
interface Panel {
  content: { widgets: Cell[]; scrollToItem(index: number): Promise<void> };
  context: { model: { dirty: boolean } };
  sessionContext: { session: { kernel: { status: string } | null } | null; shutdown(): Promise<void> };
}
interface Cell {
  node: HTMLElement;
  model: {
    type: string;
    trusted: boolean;
    executionCount: number | null;
    executionState: string;
    outputs: { length: number; get(index: number): { data: Record<string, unknown> } };
    sharedModel: { source: string };
  };
}
declare global {
  interface Window {
    jupyterapp: Application;
    /** The notebook that is open. */
    panel: Panel;
    /** The cell that is running, and since when. */
    running?: { cell: number; since: number };
  }
}

/** How charts or pictures of charts stand in a cell's outputs. */
export interface CellCharts {
  /** Index of the cell. */
  cell: number;
  /** Outputs with a chart's data. */
  charts: number;
  /** Still pictures that are loaded and have a size. */
  stills: number;
  /** Live charts that are drawn: axes or marks, and the mode bar, which comes last. */
  drawn: number;
}

/** How the mathematics of a cell, or of its outputs, is typeset. */
export interface CellMathematics {
  /** Index of the cell. */
  cell: number;
  formulas: number;
  /** What MathJax could not read. */
  errors: number;
}

/** JupyterLab and a browser for the tests of the suite it is called in: from before the first until after the last. */
export class Lab {
  #server: JupyterServer | undefined;
  #browser: Browser | undefined;

  constructor() {
    const lab = this;
    before(async function () {
      this.timeout(300_000); // the front end may have to be built
      lab.#browser = await launchOrSkip(this, "chromium");
      lab.#server = await startLabOrSkip(this);
    });
    after(async () => {
      await this.#browser?.close();
      await this.#server?.stop();
    });
  }

  get server(): JupyterServer {
    assert(this.#server, "JupyterLab runs only while the suite's tests do");
    return this.#server;
  }

  /** Opens a notebook of the server's folder, with its kernel started and nothing run. */
  open(name: string): Promise<LabNotebook> {
    assert(this.#browser, "the browser runs only while the suite's tests do");
    return LabNotebook.open(this.#browser, this.server, name);
  }
}

/** Starts JupyterLab; where it, or what it is made of, cannot be had, skips the suite with a line that says so. */
async function startLabOrSkip(suite: Mocha.Context): Promise<JupyterServer> {
  skipUnless(suite, process.platform !== "win32", "the tests start Jupyter by a shell script");
  const python = findPython("jupyter_server", "jupyterlab_server");
  skipUnless(suite, python, "no Python with jupyter_server and jupyterlab_server");
  let built: string | undefined;
  try {
    built = await frontEnd();
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    skipUnless(suite, false, error.message);
  }
  return startJupyter({
    name: "jupyter-lab",
    command: [python, join(APP, "labapp.py")],
    env: (scratch) => ({ LAB_FRONT_END: built, LAB_STATE: join(scratch, "state"), JUPYTER_NO_CONFIG: "1" }),
  });
}

/** Seconds that all cells of a notebook may take, on a machine that has other things to do. */
const RUN_LIMIT = 180;

export class LabNotebook {
  private constructor(
    private readonly server: JupyterServer,
    private readonly name: string,
    readonly page: Page,
    /** What went wrong in the page. */
    readonly problems: readonly string[],
  ) {}

  /** See {@link Lab.open}. */
  static async open(browser: Browser, server: JupyterServer, name: string): Promise<LabNotebook> {
    const { page, problems } = await servedPage(browser, server.origin);
    await page.setViewport({ width: 1300, height: 1400 });
    const { origin, token } = server;
    await page.goto(`${origin}/lab/workspaces/${name}/tree/${name}.ipynb?token=${token}`);
    await page.waitForFunction(
      () =>
        document.body.dataset.lab === "ready" &&
        window.jupyterapp.shell.currentWidget?.sessionContext.session?.kernel?.status === "idle",
      { timeout: 60_000, polling: 100 },
    );
    await page.evaluate(() => {
      window.panel = window.jupyterapp.shell.currentWidget as Panel;
    });
    return new LabNotebook(server, name, page, problems);
  }

  /** Ends the kernel and closes the page. */
  async close(): Promise<void> {
    await this.page.evaluate(() => window.panel.sessionContext.shutdown());
    await this.page.close();
  }

  /** Saves, and reads the file. */
  async saved(): Promise<Notebook> {
    await this.command("docmanager:save");
    await this.page.waitForFunction(() => !window.panel.context.model.dirty);
    return readExecutedNotebook(join(this.server.notebooks, `${this.name}.ipynb`));
  }

  /** Run > Run All Cells, until all have run or one has failed and the others are given up. */
  async runAll(): Promise<void> {
    await this.startAll();
    await this.ended();
  }

  /** Run > Run All Cells, until the first one runs. */
  async startAll(): Promise<void> {
    await this.runMenu("runmenu:run-all");
    await this.started();
  }

  /** Run > Restart Kernel and Run All Cells, with its question answered, until all have run or one has failed. */
  async reset(): Promise<void> {
    await this.runMenu("runmenu:restart-and-run-all");
    await this.page.locator(".jp-Dialog .jp-mod-accept").click();
    await this.started();
    await this.ended();
  }

  /** Waits until no cell runs or waits for its turn; tells whether that came within so many seconds. */
  async endsWithin(seconds: number): Promise<boolean> {
    const atRest = () =>
      window.panel.content.widgets.every(({ model }) => model.executionState !== "running");
    try {
      await this.page.waitForFunction(atRest, { timeout: seconds * 1000, polling: 100 });
      return true;
    } catch (error) {
      if (error instanceof TimeoutError) return false;
      throw error;
    }
  }

  /** Waits until no cell runs. Throws Error with the text of the cell that runs for too long. */
  private async ended(): Promise<void> {
    if (await this.endsWithin(RUN_LIMIT)) return;
    const text = await this.page.evaluate(
      () =>
        window.panel.content.widgets.find(({ model }) => model.executionState === "running")?.node
          .textContent,
    );
    const kernel = await this.server.atRest().then(
      () => "is at rest",
      () => "computes",
    );
    throw new Error(`a cell runs for too long, while the kernel ${kernel}:\n${text}`);
  }

  private async started(): Promise<void> {
    await this.page.waitForFunction(
      () => window.panel.content.widgets.some(({ model }) => model.executionState === "running"),
      { polling: 20 },
    );
  }

  /** The interrupt button of the notebook's tool bar. */
  async interrupt(): Promise<void> {
    await this.page.locator(".jp-NotebookPanel-toolbar [data-command='notebook:interrupt-kernel']").click();
  }

  /**
   * Types another value for a parameter: scrolls to the parameters cell, selects the number with a double click, types.
   *
   * @param name of a parameter whose value is a whole number
   */
  async setParameter(name: string, value: number): Promise<void> {
    const start = `  ${name}: `;
    const cell = await this.page.evaluate(
      (line: string) =>
        window.panel.content.widgets.findIndex(({ model }) => model.sharedModel.source.startsWith(line)),
      "const parameters = ",
    );
    await this.show(cell);
    // what is above may still be growing, and the line move away from under the mouse: then once more, as a reader does
    let selected = false;
    for (let tries = 0; tries < 20 && !selected; tries++) {
      const place = await this.page.evaluate(placeOfNumber, cell, start);
      if (place === null) continue;
      await this.page.mouse.click(place.x, place.y, { count: 2 });
      selected = await this.page.evaluate((wanted: string) => {
        const selection = getSelection();
        const line = selection?.anchorNode?.parentElement?.closest(".cm-line")?.textContent ?? "";
        return line.startsWith(wanted + selection) && /^\d+$/.test(String(selection));
      }, start);
    }
    if (!selected) throw new Error(`the value of ${name} could not be selected`);
    await this.page.keyboard.type(String(value));
    const source = await this.source(cell);
    if (!source.includes(`${start}${value},`)) throw new Error(`typing gave:\n${source}`);
  }

  /** The text of a cell. */
  source(cell: number): Promise<string> {
    return this.page.evaluate(
      (index: number) => window.panel.content.widgets[index].model.sharedModel.source,
      cell,
    );
  }

  /** Clicks into a cell's text. */
  private async enter(cell: number): Promise<void> {
    const editor = await this.page.evaluateHandle(
      (index: number) => window.panel.content.widgets[index].node.querySelector(".cm-content") as HTMLElement,
      cell,
    );
    await editor.click();
  }

  /** Types a text in place of a cell's own. */
  async type(cell: number, text: string): Promise<void> {
    await this.enter(cell);
    await this.pressWith("Control", "a");
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.type(text);
  }

  /** Runs one cell, by Shift+Enter in its text. */
  async run(cell: number): Promise<void> {
    await this.enter(cell);
    const count = (index: number): number | null => window.panel.content.widgets[index].model.executionCount;
    const before = await this.page.evaluate(count, cell);
    await this.pressWith("Shift", "Enter");
    await this.page.waitForFunction(
      (index: number, earlier: number | null) => {
        const { executionCount, executionState } = window.panel.content.widgets[index].model;
        return executionCount !== earlier && executionState === "idle";
      },
      { timeout: RUN_LIMIT * 1000, polling: 50 },
      cell,
      before,
    );
  }

  /** Presses Tab; returns the names that are offered. */
  async completions(): Promise<string[]> {
    await this.page.keyboard.press("Tab");
    await this.page.waitForSelector(".jp-Completer .jp-Completer-item", { visible: true });
    return this.page.$$eval(".jp-Completer-item", (items) =>
      items.map((item) => item.getAttribute("data-value") ?? ""),
    );
  }

  /** Presses Shift+Tab; returns the text of the tooltip. */
  async documentation(): Promise<string> {
    await this.pressWith("Shift", "Tab");
    const tip = await this.page.waitForSelector(".jp-Tooltip-content", { visible: true });
    return (await tip?.evaluate((element) => (element as HTMLElement).innerText)) ?? "";
  }

  private async pressWith(modifier: KeyInput, key: KeyInput): Promise<void> {
    const { keyboard } = this.page;
    await keyboard.down(modifier);
    await keyboard.press(key);
    await keyboard.up(modifier);
  }

  /** Waits until one and the same cell has been running for a second. */
  async longCell(): Promise<void> {
    await this.page.waitForFunction(
      () => {
        const current = window.panel.content.widgets.findIndex(
          ({ model }) => model.executionState === "running",
        );
        if (window.running?.cell !== current) window.running = { cell: current, since: performance.now() };
        return current !== -1 && performance.now() - window.running.since > 1000;
      },
      { timeout: RUN_LIMIT * 1000, polling: 50 },
    );
  }

  /** Waits until a cell that sweeps is running, and its progress has moved. */
  async sweeping(): Promise<void> {
    await this.page.waitForFunction(
      () => {
        const current = window.panel.content.widgets.find(({ model }) => model.executionState === "running");
        const line = current?.node.querySelector("progress");
        return (
          current?.model.sharedModel.source.includes("gather(") && line && line.value > 0 && line.max > 1
        );
      },
      { timeout: RUN_LIMIT * 1000, polling: 50 },
    );
  }

  /** Charts and their pictures, of the cells that have any. Scrolls through, as JupyterLab draws what is seen. */
  async charts(): Promise<CellCharts[]> {
    const found: CellCharts[] = [];
    for (const cell of await this.cellsWhere("code")) {
      const charts = await this.page.evaluate((index: number) => {
        const { outputs } = window.panel.content.widgets[index].model;
        return Array.from({ length: outputs.length }, (_, i) => outputs.get(i).data).filter(
          (data) => "application/vnd.plotly.v1+json" in data,
        ).length;
      }, cell);
      if (charts === 0) continue;
      await this.show(cell);
      const count = () =>
        this.page.evaluate(
          (index: number, selector: string) => {
            const node = window.panel.content.widgets[index].node;
            const stills = [...node.querySelectorAll("img")].filter((i) => i.complete && i.naturalWidth > 0);
            const drawn = [...node.querySelectorAll(selector)].filter((plot) => plot.clientWidth > 0);
            return { stills: stills.length, drawn: drawn.length };
          },
          cell,
          DRAWN_CHART,
        );
      let now = await count();
      // charts are drawn one after the other, each in its turn of the page
      for (let tries = 0; tries < 100 && now.stills + now.drawn < charts; tries++) {
        await new Promise((next) => setTimeout(next, 50));
        now = await count();
      }
      found.push({ cell, charts, ...now });
    }
    return found;
  }

  /** The typeset mathematics of all cells that show any. */
  async mathematics(): Promise<CellMathematics[]> {
    const found: CellMathematics[] = [];
    for (const cell of await this.cellsWhere("markdown", "code")) {
      await this.show(cell);
      found.push({
        cell,
        ...(await this.page.evaluate((index: number) => {
          const node = window.panel.content.widgets[index].node;
          return {
            formulas: node.querySelectorAll("mjx-container").length,
            errors: node.querySelectorAll("mjx-merror, [data-mjx-error], mjx-container [style*='color: red']")
              .length,
          };
        }, cell)),
      });
    }
    return found.filter(({ formulas, errors }) => formulas + errors > 0);
  }

  private cellsWhere(...types: string[]): Promise<number[]> {
    return this.page.evaluate(
      (wanted: string[]) =>
        window.panel.content.widgets.flatMap(({ model }, index) =>
          wanted.includes(model.type) ? [index] : [],
        ),
      types,
    );
  }

  /** Scrolls a cell into view. */
  async show(cell: number): Promise<void> {
    await this.page.evaluate((index: number) => window.panel.content.scrollToItem(index), cell);
  }

  /** Chooses an entry of the menu Run. */
  private async runMenu(command: string): Promise<void> {
    await this.page.locator(".lm-MenuBar-item ::-p-text(Run)").click();
    await this.page.locator(`.lm-Menu-item[data-command='${command}']`).click();
  }

  private async command(command: string): Promise<void> {
    await this.page.evaluate(async (name: string) => {
      await window.jupyterapp.commands.execute(name);
    }, command);
  }
}

/** Runs in the page: where the number lies that stands behind `start` in a cell's text, in the middle of the window. */
function placeOfNumber(cell: number, start: string): { x: number; y: number } | null {
  const lines = [...window.panel.content.widgets[cell].node.querySelectorAll(".cm-line")];
  const line = lines.find(({ textContent }) => textContent?.startsWith(start));
  // the number stands in an element of its own, for its colour
  const number = [...(line?.querySelectorAll("span") ?? [])].find((part) =>
    /^\d+$/.test(part.textContent ?? ""),
  );
  if (!number) return null;
  number.scrollIntoView({ block: "center" });
  const { x, y, width, height } = number.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}
