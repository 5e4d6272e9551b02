/**
 * HTML from elsewhere (a library's table in a cell's output), reduced to its structure. Refuses scripts,
 * styles, forms, names and ids, which could reach the page around it, and anything that would be loaded.
 */
import createDOMPurify from "dompurify";
import { JSDOM } from "jsdom";
import { type Html, vouched } from "./html.js";

let purifier: ReturnType<typeof createDOMPurify> | undefined;

/** The harmless part of `markup`. */
export function sanitized(markup: string): Html {
  purifier ??= newPurifier();
  return vouched(
    purifier.sanitize(markup, {
      USE_PROFILES: { html: true },
      FORBID_TAGS: ["style", "form", "input", "button", "select", "textarea", "audio", "video", "source"],
      FORBID_ATTR: ["style", "class", "id", "name", "srcset", "background", "poster"],
      ALLOW_DATA_ATTR: false,
    }),
  );
}

function newPurifier(): ReturnType<typeof createDOMPurify> {
  const created = createDOMPurify(new JSDOM("").window);
  created.addHook("afterSanitizeAttributes", (element) => {
    if (element.hasAttribute("src") && !/^data:image\//.test(element.getAttribute("src") ?? "")) {
      element.removeAttribute("src");
    }
    if (element.hasAttribute("target")) element.removeAttribute("target");
  });
  return created;
}
