/** What a page would save, caught as its links are clicked. */
import type { Page } from "puppeteer-core";

/** A file that a page offered. */
export interface Download {
  name: string;
  /** Its bytes read as UTF-8. */
  text: string;
}

/** From now on the page saves nothing, and tells what it would have saved. */
export async function catchDownloads(page: Page): Promise<void> {
  await page.evaluate(() => {
    const blobs = new Map<string, Blob>();
    const address = URL.createObjectURL;
    URL.createObjectURL = (blob: Blob) => {
      const url = address.call(URL, blob);
      blobs.set(url, blob);
      return url;
    };
    HTMLAnchorElement.prototype.click = async function () {
      const text = await blobs.get(this.href)?.text();
      Reflect.set(window, "saved", { name: this.download, text });
    };
  });
}

/** What the page offers when something is done in it; after {@link catchDownloads}. */
export async function downloaded(page: Page, act: () => Promise<void>): Promise<Download> {
  await page.evaluate(() => Reflect.set(window, "saved", undefined));
  await act();
  await page.waitForFunction(() => Reflect.get(window, "saved"));
  return (await page.evaluate("saved")) as Download;
}
