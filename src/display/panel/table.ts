/** Tables of a panel. */
import { element } from "../client/element.js";

/** A table whose first column names its rows; what is wider than its place scrolls there. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | Node)[])[],
  label: string,
): HTMLElement {
  return element("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": label }, [
    element("table", {}, [
      element("thead", {}, [
        element(
          "tr",
          {},
          head.map((text) => element("th", { scope: "col" }, [text])),
        ),
      ]),
      element(
        "tbody",
        {},
        rows.map(([first, ...others]) =>
          element("tr", {}, [
            element("th", { scope: "row" }, [first]),
            ...others.map((cell) => element("td", {}, [cell])),
          ]),
        ),
      ),
    ]),
  ]);
}
