/** What the tests of panels see and do in a page. */
import type { Page } from "puppeteer-core";
import type { Place } from "../../src/experiments/panel.js";

/** Selects the drawn map, as it is now. */
export const NOW = ".glass-house-try .column:last-child .glass-house-plot";

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

/** Clicks the panel's button with that text. */
export function press(page: Page, text: string): Promise<void> {
  return page.evaluate((wanted) => {
    const buttons = [...document.querySelectorAll<HTMLButtonElement>(".glass-house-try button")];
    buttons.find((button) => button.textContent === wanted)?.click();
  }, text);
}
