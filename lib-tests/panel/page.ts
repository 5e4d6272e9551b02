/** What the tests of panels see and do in a page. */
import type { Page } from "puppeteer-core";
import type { Place } from "../../src/experiments/panel.js";

/** Selects the drawn map. */
export const NOW = ".glass-house-try .picture-place.first .glass-house-plot";

/** Where in the window a place of the map is, in CSS pixels. */
export function placeOf(page: Page, [x, y]: Place): Promise<{ x: number; y: number }> {
  return page.$eval(
    NOW,
    (plot, u, v) => {
      const { xaxis, yaxis } = (plot as unknown as { layout: Record<string, { range: [number, number] }> })
        .layout;
      const box = (plot.querySelector(".nsewdrag") as Element).getBoundingClientRect();
      const share = (value: number, { range: [low, high] }: { range: [number, number] }): number =>
        (value - low) / (high - low);
      return { x: box.left + share(u, xaxis) * box.width, y: box.bottom - share(v, yaxis) * box.height };
    },
    x,
    y,
  );
}

/** What the panel says of the published numbers, once it has trained the published network. */
export async function proofOf(page: Page, timeout = 30_000): Promise<string> {
  const proof = await page.waitForFunction(
    () => document.querySelector(".glass-house-try .proof")?.textContent || false,
    { timeout, polling: 20 },
  );
  return String(await proof.jsonValue());
}

/** Waits until the panel shows what has this digest. */
export async function untilDigest(page: Page, digest: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector<HTMLElement>(".glass-house-try")?.dataset.digest === wanted,
    { polling: 20 },
    digest,
  );
}

/** Clicks the panel's button with that text or name. */
export function press(page: Page, text: string): Promise<void> {
  return page.evaluate((wanted) => {
    const buttons = [...document.querySelectorAll<HTMLButtonElement>(".glass-house-try button")];
    const named = buttons.find((button) =>
      [button.textContent, button.getAttribute("aria-label")].includes(wanted),
    );
    if (named === undefined) throw new Error(`no button ${wanted}`);
    named.click();
  }, text);
}

/** What the panel says of where the training is. */
export function positionOf(page: Page): Promise<string> {
  return page.$eval(".glass-house-try .position", (element) => element.textContent ?? "");
}

/** Waits until it says that. */
export async function untilPosition(page: Page, wanted: RegExp): Promise<void> {
  await page.waitForFunction(
    (source) =>
      new RegExp(source).test(document.querySelector(".glass-house-try .position")?.textContent ?? ""),
    { polling: 20 },
    wanted.source,
  );
}

/** The panel's main numbers by name, as they are written. */
export function numbersOf(page: Page): Promise<Record<string, string>> {
  return page.$$eval(".glass-house-try .numbers > div", (cards) =>
    Object.fromEntries(
      cards.map((card) => [
        card.querySelector("dt")?.textContent ?? "",
        card.querySelector(".value")?.textContent ?? "",
      ]),
    ),
  );
}
