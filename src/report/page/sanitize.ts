/**
 * HTML from elsewhere (a library's table in a cell's output, tags in markdown), reduced to its structure. Refuses scripts,
 * styles, forms, names and ids, which could reach the page around it, and anything that would be loaded.
 */
import createDOMPurify from "dompurify";
import { JSDOM } from "jsdom";
import { type Html, vouched } from "./html.js";
import { type Attachments, Pictures } from "./pictures.js";

let browser: { parser: DOMParser; purifier: ReturnType<typeof createDOMPurify> } | undefined;

/** How deeply markup may be nested: each further level makes every change below it slower. */
const DEEPEST = 200;

/** Tags of elements that nest: neither those without content nor those that the next of their kind closes. */
const NESTING_TAG =
  /<(\/?)(?!(?:area|br|col|dd|dt|embed|hr|img|input|li|link|meta|option|p|t[dhr]|tbody|wbr)\b)[a-z]/gi;

/**
 * Markup as a tree to work on; nothing in it runs or loads.
 *
 * @throws RangeError when it is nested beyond reason
 */
export function parsed(markup: string): HTMLElement {
  let depth = 0;
  for (const [, isEnd] of markup.matchAll(NESTING_TAG)) {
    depth = Math.max(0, depth + (isEnd ? -1 : 1));
    if (depth > DEEPEST) throw new RangeError(`its HTML is nested more than ${DEEPEST} deep`);
  }
  browser ??= newBrowser();
  // As a document, for jsdom takes quadratic time to fill an element that has many children.
  return browser.parser.parseFromString(`<body>${markup}`, "text/html").body;
}

/** Leaves of a tree its harmless part. */
export function sanitizeTree(tree: HTMLElement): void {
  browser ??= newBrowser();
  browser.purifier.sanitize(tree);
}

/** The harmless part of `markup`, with its pictures. */
export function sanitized(markup: string, pictures: Pictures = new Pictures(null)): Html {
  const tree = parsed(markup);
  embedPictures(tree, pictures, {});
  sanitizeTree(tree);
  return vouched(tree.innerHTML);
}

/**
 * Gives each picture of a tree its data. Where there is none, a page that loads nothing can say what it would be: as a
 * link where it lies on the web, else in words.
 */
export function embedPictures(tree: HTMLElement, pictures: Pictures, attachments: Attachments): void {
  for (const image of tree.querySelectorAll("img")) {
    const address = (image.getAttribute("src") ?? "").trim();
    const picture = pictures.at(address, attachments);
    if ("data" in picture) {
      image.setAttribute("src", picture.data);
      continue;
    }
    const isOnTheWeb = /^(https?:)?\/\//i.test(address);
    const words = tree.ownerDocument.createElement(isOnTheWeb ? "a" : "em");
    if (isOnTheWeb) {
      words.setAttribute("href", address.replace(/^\/\//, "https://"));
      words.textContent = image.alt || address;
    } else {
      words.textContent = `[${image.alt && `${image.alt}: `}the picture ${address.slice(0, 100)} ${picture.problem}]`;
    }
    image.replaceWith(words);
  }
}

function newBrowser(): NonNullable<typeof browser> {
  const { window } = new JSDOM("");
  const purifier = createDOMPurify(window);
  purifier.setConfig({
    IN_PLACE: true,
    USE_PROFILES: { html: true },
    FORBID_TAGS: ["style", "form", "input", "button", "select", "textarea", "audio", "video", "source"],
    FORBID_ATTR: ["style", "class", "id", "name", "srcset", "background", "poster"],
    ALLOW_DATA_ATTR: false,
  });
  purifier.addHook("afterSanitizeAttributes", (element) => {
    if (element.hasAttribute("src") && !/^data:image\//.test(element.getAttribute("src") ?? "")) {
      element.removeAttribute("src");
    }
    if (element.hasAttribute("target")) element.removeAttribute("target");
  });
  return { parser: new window.DOMParser(), purifier };
}
