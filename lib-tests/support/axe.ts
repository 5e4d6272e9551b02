/** axe-core over a page, as a browser has it before it. */
import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Page } from "puppeteer-core";

const CODE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds against the page as it stands: a line a violation and element, of whatever impact. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(CODE);
  const { violations: found } = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] })",
  )) as AxeResults;
  return found.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target }) => `${impact}: ${id}: ${target.join(" ")}`),
  );
}
