import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { JSDOM } from "jsdom";
import { renderPage } from "../../../src/report/page/index.js";
import { freshFolder } from "../toys.js";
import { displayed, prose, ran, runOf } from "./sample.js";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const DATA = `data:image/png;base64,${PNG.toString("base64")}`;

describe("the pictures of a report", () => {
  const folder = freshFolder();
  const home = (): string => join(folder(), "notebooks");
  beforeEach(() => {
    mkdirSync(join(home(), "sub dir"), { recursive: true });
    writeFileSync(join(home(), "dot.png"), PNG);
    writeFileSync(join(folder(), "outside.png"), PNG);
  });

  async function page(...cells: Parameters<typeof runOf>[0]): Promise<HTMLElement> {
    const text = await renderPage(runOf(cells, { folder: home() }));
    return new JSDOM(text).window.document.querySelector("main") as HTMLElement;
  }
  const sources = (root: ParentNode) =>
    [...root.querySelectorAll("img")].map((image) => image.getAttribute("src"));

  it("are those that lie in the notebook's folder or below, in markdown, in its HTML and in outputs", async () => {
    writeFileSync(join(home(), "sub dir", "100%.png"), PNG);
    writeFileSync(join(home(), "drawn.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
    writeFileSync(join(home(), "photo"), Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
    const root = await page(
      prose(
        '![a dot](dot.png "a title")\n\n<img src="./sub dir/100%.png" width="40">\n\n![](sub%20dir/../dot.png?v=1) ![](drawn.svg)',
      ),
      ran("1", [displayed({ "text/html": '<img src="dot.png"><img src="photo">' })]),
    );
    const [first, second, third, drawn, fifth, photo] = sources(root);
    assert.deepEqual([first, second, third, fifth], [DATA, DATA, DATA, DATA]);
    assert.match(drawn ?? "", /^data:image\/svg\+xml;base64,/);
    assert.match(photo ?? "", /^data:image\/jpeg;base64,/);
    assert.equal(root.querySelector("img")?.alt, "a dot");
    assert.equal(root.querySelectorAll("img")[1]?.getAttribute("width"), "40");
  });

  for (const [what, address, problem] of [
    ["is missing", "none.png", "is not there"],
    ["lies above", "../outside.png", "lies outside of the notebook's folder"],
    [
      "would lie above, so that nobody looks whether it is there",
      "../none.png",
      "lies outside of the notebook's folder",
    ],
    ["lies above, in disguise", "sub%20dir/%2e%2e/..%2foutside.png", "lies outside of the notebook's folder"],
    ["has an absolute path", "/etc/hostname", "lies outside of the notebook's folder"],
    ["is linked from elsewhere", "link.png", "lies outside of the notebook's folder"],
    ["is a folder", "sub%20dir", "is no file"],
    ["is no picture", "secret.txt", "is no picture that a page can show"],
    ["is too large", "large.png", "is larger than 4 MB"],
    ["has an unknown scheme", "file:dot.png", "lies elsewhere"],
    ["is no attachment", "attachment:constructor", "is not attached"],
    ["is no picture in itself", "data:text/html,x", "is no picture that a page can show"],
  ] as const) {
    it(`are told of in words where one ${what}`, async () => {
      symlinkSync(join(folder(), "outside.png"), join(home(), "link.png"));
      writeFileSync(join(home(), "secret.txt"), "secret");
      writeFileSync(join(home(), "large.png"), Buffer.concat([PNG, Buffer.alloc(4_000_000)]));
      const root = await page(prose(`<img src="${address}" alt="the set-up">`));
      assert.deepEqual(sources(root), []);
      assert.match(root.textContent ?? "", new RegExp(`\\[the set-up: the picture .* ${problem}\\]`));
    });
  }

  it("are linked where they lie on the web", async () => {
    const root = await page(
      prose("![far](https://example.org/x.png)"),
      ran("1", [displayed({ "text/html": '<img src="//example.org/y.png">' })]),
    );
    assert.deepEqual(sources(root), []);
    const links = [...root.querySelectorAll("a")].map((link) => [
      link.getAttribute("href"),
      link.textContent,
    ]);
    assert.deepEqual(links, [
      ["https://example.org/x.png", "far"],
      ["https://example.org/y.png", "//example.org/y.png"],
    ]);
  });

  it("are no more than a page can carry", async () => {
    writeFileSync(join(home(), "big.png"), Buffer.concat([PNG, Buffer.alloc(3_900_000)]));
    const root = await page(prose("![](big.png) ".repeat(6)));
    assert.equal(sources(root).length, 4);
    assert.match(root.textContent ?? "", /would be more than 16 MB with those before it/);
  });
});
