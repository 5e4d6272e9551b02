/**
 * What can be measured of a page's readability in the browser. The functions run in the page, each by itself: they name
 * nothing from outside.
 */

/** A text of a chart with what it is drawn in, and on. */
export interface ChartText {
  text: string;
  fill: string;
  ground: string;
}

/** The texts of the live charts that are seen. */
export function chartTexts(): ChartText[] {
  const page = getComputedStyle(document.documentElement).backgroundColor;
  const plateOf = (text: Element): Element | null | undefined =>
    text
      .closest("[class^=legend]:not(.legendtext), .annotation-text-g")
      ?.closest(".infolayer > g")
      ?.querySelector("rect.bg");
  const groundOf = (text: Element): string => {
    const plate = plateOf(text);
    if (plate && Number(getComputedStyle(plate).fillOpacity) > 0) return getComputedStyle(plate).fill;
    const bar = text.closest(".bars .point")?.querySelector("path");
    // a number may stand in its bar or above it
    const [own, around] = [text.getBoundingClientRect(), bar?.getBoundingClientRect()];
    const middle = (own.top + own.bottom) / 2;
    if (bar && around && middle > around.top && middle < around.bottom) return getComputedStyle(bar).fill;
    // a name in the middle of its mark
    const mark = text.matches(".textpoint text") && getComputedStyle(text).textAnchor === "middle";
    const face = mark ? text.closest(".trace")?.querySelector(".points path") : undefined;
    return face ? getComputedStyle(face).fill : page;
  };
  // a name on a map may stand on any of its colours
  const groundsOf = (text: Element): string[] => {
    const plot = text.closest(".glass-house-plot");
    const area = plot?.querySelector(".nsewdrag")?.getBoundingClientRect();
    const { left, right, top, bottom } = text.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const isOnMap = area && x > area.left && x < area.right && y > area.top && y < area.bottom;
    const colours = isOnMap ? [...(plot?.querySelectorAll(".contourfill path") ?? [])] : [];
    const plate = plateOf(text);
    if (plate && Number(getComputedStyle(plate).fillOpacity) > 0) return [groundOf(text)];
    const fills = colours.map((colour) => getComputedStyle(colour).fill);
    return fills.length > 0 ? [...new Set(fills)] : [groundOf(text)];
  };
  return [...document.querySelectorAll(".glass-house-plot .main-svg text")]
    .filter((text) => text.textContent?.trim() && text.checkVisibility())
    .flatMap((text) =>
      groundsOf(text).map((ground) => ({
        text: text.textContent ?? "",
        fill: getComputedStyle(text).fill,
        ground,
      })),
    );
}

/** Texts smaller than 12 pixels; formulas, and what is raised or lowered, are smaller by right. */
export function smallTexts(): string[] {
  const small: string[] = [];
  for (const element of document.querySelectorAll("body *:not(script, style, .katex *, sup, sub, tspan)")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    if (!own || !element.checkVisibility()) continue;
    const size = Number.parseFloat(getComputedStyle(element).fontSize);
    if (size < 12) small.push(`${size} px: ${element.textContent?.slice(0, 40)}`);
  }
  return small;
}

/** What lies where it should not: texts beyond the edge of their chart, legends over the data. */
export function misplaced(): string[] {
  const found: string[] = [];
  const round = (element: Element) => element.getBoundingClientRect();
  for (const plot of document.querySelectorAll(".glass-house-plot")) {
    if (!plot.checkVisibility()) continue;
    const frame = round(plot);
    const name = plot.getAttribute("aria-label")?.slice(0, 40);
    for (const text of plot.querySelectorAll(".main-svg text")) {
      const { left, right, top, bottom, width } = round(text);
      if (width === 0 || !text.textContent?.trim()) continue;
      if (
        left < frame.left - 2 ||
        right > frame.right + 2 ||
        top < frame.top - 2 ||
        bottom > frame.bottom + 2
      ) {
        found.push(`${name}: "${text.textContent}" is cut off`);
      }
    }
    for (const legend of plot.querySelectorAll(".infolayer > [class^=legend]")) {
      const key = round(legend);
      for (const panel of plot.querySelectorAll(".nsewdrag")) {
        const { left, right, top, bottom } = round(panel);
        const across = Math.min(right, key.right) - Math.max(left, key.left);
        const down = Math.min(bottom, key.bottom) - Math.max(top, key.top);
        if (across > 2 && down > 4) found.push(`${name}: the legend lies over the data`);
      }
    }
  }
  return found;
}

/**
 * What scrolls to the side but not by key, or without a name. From a chart within it, the keys scroll it; a row of
 * buttons scrolls along with the focus.
 */
export function unreachableScrollers(): string[] {
  return [...document.querySelectorAll<HTMLElement>("body *")]
    .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
    .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowX) && element.checkVisibility())
    .filter(
      (element) =>
        !element.querySelector(":scope > .glass-house-plot") &&
        ((element.tabIndex < 0 && !element.matches("[role=group]:not(:has(> :not(button:enabled)))")) ||
          !(element.matches("pre") || (element.role && element.ariaLabel))),
    )
    .map((element) => `${element.tagName}.${element.className}`);
}
