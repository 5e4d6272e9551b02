import assert from "node:assert/strict";
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Figure } from "../../../src/charts/figure.js";
import { Drawer, type Drawing, type Drawn, READY } from "../../../src/report/page/drawer.js";
import { decodePng } from "../png-decode.js";
import { freshFolder, until } from "../toys.js";
import { points } from "./sample.js";

const MODULE = join(__dirname, "../../../src/report/page/drawer.js");
const PROCESS = join(__dirname, "../../../src/report/page/drawing-process.js");

const drawing = (figure: object): Drawing => ({
  figure: figure as Figure,
  width: 720,
  height: 300,
  mostSvg: 1e6,
});
/** Plotly counts every tick between 1 and 3. */
const ENDLESS = drawing({ data: [{ y: [1, 3] }], layout: { yaxis: { dtick: 1e-12 } } });
const GOOD = drawing(points());

const isWhole = ({ svg, problem }: Drawn): boolean =>
  problem === undefined && svg !== undefined && svg.includes('class="point"');

describe("the process that draws", () => {
  const folder = freshFolder();

  it("gives up a figure that never ends, and draws the next", async () => {
    const drawer = new Drawer(6_000);
    const [before, endless, after] = await Promise.all([GOOD, ENDLESS, GOOD].map((one) => drawer.draw(one)));
    assert.ok(isWhole(before as Drawn));
    assert.deepEqual(endless, { problem: "it took longer than 6 s to draw" });
    assert.ok(isWhole(after as Drawn));
  });

  it("survives what cannot be drawn, nor even handed over", async () => {
    const drawer = new Drawer(60_000);
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    for (const data of [[{ y: deep }], [null], [{ type: "scatter3d", x: [1], y: [1], z: [1] }]]) {
      const drawn = await drawer.draw(drawing({ data, layout: {} }));
      assert.deepEqual(Object.keys(drawn), ["problem"]);
      assert.ok(isWhole(await drawer.draw(GOOD)));
    }
  });

  describe("loads nothing:", () => {
    let server: Server;
    let address: string;
    let asked: number;
    before(async () => {
      server = createServer((_request, response) => response.end("{}")).listen(0, "127.0.0.1");
      server.on("connection", () => asked++);
      await once(server, "listening");
      address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    beforeEach(() => {
      asked = 0;
    });
    after(() => server.close());

    it("a map is not asked for, and what it leaves behind is not the next one's fault", async () => {
      const drawer = new Drawer(60_000);
      const map = {
        data: [{ type: "choropleth", geojson: `${address}/a.json`, locations: ["a"], z: [1] }],
        layout: {},
      };
      const [drawn, next] = await Promise.all([drawing(map), GOOD].map((one) => drawer.draw(one)));
      assert.deepEqual(drawn, { problem: "nothing is loaded from a network" });
      assert.ok(isWhole(next as Drawn));
      assert.equal(asked, 0);
    });

    it("a picture by its address is left out, and said to be; one that is at hand is shown", async () => {
      const drawer = new Drawer(60_000);
      const withImage = (source: string): Drawing =>
        drawing(points({ layout: { images: [{ source, x: 0, y: 1, sizex: 1, sizey: 1 }] } }));
      const far = await drawer.draw(withImage(`${address}/a.png`));
      assert.equal(far.problem, "a picture in it lies elsewhere, and is not loaded");
      assert.match(far.svg ?? "", /class="point"/);
      assert.doesNotMatch(far.svg ?? "", /127\.0\.0\.1/);
      const dot = "data:image/gif;base64,R0lGODlhAQABAIAAAP8AAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==";
      const near = await drawer.draw(withImage(dot));
      assert.ok(isWhole(near) && near.svg?.includes(dot));
      const trace = await drawer.draw(drawing({ data: [{ type: "image", source: dot }], layout: {} }));
      assert.ok(trace.problem === undefined && trace.svg?.includes(dot), trace.problem);
      assert.equal(asked, 0);
    });

    it("no socket of the process can be connected", async () => {
      const script = join(folder(), "dial.cjs");
      writeFileSync(
        script,
        `setTimeout(() => {
           try { require("node:net").connect(${new URL(address).port}, "127.0.0.1"); process.send("connected"); }
           catch (error) { process.send(error.message); }
         }, 100)`,
      );
      const child = fork(PROCESS, [], {
        execArgv: ["--require", script],
        stdio: ["pipe", "ignore", "inherit", "ipc"],
      });
      let message: unknown = READY;
      while (message === READY) [message] = await once(child, "message");
      child.kill("SIGKILL");
      assert.equal(message, "nothing is loaded from a network");
      assert.equal(asked, 0);
    });
  });

  describe("ends with the one that started it,", () => {
    /** Starts a program that draws a figure without an end, and tells the number of the process that draws it. */
    async function start(): Promise<{ command: ChildProcess; drawing: number }> {
      const script = join(folder(), "draws.cjs");
      writeFileSync(
        script,
        `const processes = require("node:child_process");
         const { fork } = processes;
         processes.fork = (...of) => { const child = fork(...of); console.log(child.pid); return child; };
         const { Drawer } = require(${JSON.stringify(MODULE)});
         new Drawer(600_000).draw(${JSON.stringify(ENDLESS)});`,
      );
      const command = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
      const [pid] = await once(command.stdout as Readable, "data");
      return { command, drawing: Number(pid) };
    }
    const isThere = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };

    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      it(`by ${signal}, in the middle of a figure that never ends`, async function () {
        if (process.platform === "win32") this.skip();
        const { command, drawing } = await start();
        // time to come to the figure
        await new Promise((next) => setTimeout(next, 4_000));
        assert.ok(isThere(drawing));
        command.kill(signal);
        await once(command, "exit");
        await until(() => !isThere(drawing), "its end");
      });
    }
  });

  it("leaves nothing in a picture that XML does not allow", async () => {
    const title = { text: "half a pair \ud83d, a bell \u0007" };
    const { svg = "" } = await new Drawer(60_000).draw(drawing(points({ layout: { title } })));
    assert.match(svg, />half a pair \ufffd, a bell \ufffd</);
  });

  it("gives a picture of many marks as PNG", async () => {
    const y = Array.from({ length: 2_000 }, (_, i) => (i * 7919) % 1009);
    const many = drawing({ data: [{ y, mode: "markers" }], layout: {} });
    const drawer = new Drawer(60_000);
    const length = (await drawer.draw(many)).svg?.length ?? 0;
    const { svg, png = "" } = await drawer.draw({ ...many, mostSvg: length - 1 });
    assert.equal(svg, undefined);
    const { width, height } = decodePng(Buffer.from(png, "base64"));
    assert.deepEqual([width, height], [2 * 720, 2 * 300]);
    assert.ok(png.length < length / 3, `${png.length} of ${length}`);
  });

  it("keeps nobody waiting once it has drawn", async () => {
    const script = join(folder(), "draws.cjs");
    writeFileSync(
      script,
      `const { Drawer } = require(${JSON.stringify(MODULE)});
       new Drawer(60_000).draw(${JSON.stringify(GOOD)}).then(({ svg }) => console.log(svg.length > 1000));`,
    );
    const command = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
    const [[code], [text]] = await Promise.all([once(command, "exit"), once(command.stdout, "data")]);
    assert.deepEqual([code, String(text)], [0, "true\n"]);
  });
});
