/** Formulas that are wider than the page scroll where they stand, by key as well. */

/** Makes each formula that scrolls a stop of the Tab key, and no other: most fit, and there are many. */
export function letFormulasScroll(): void {
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const scrolls = target.scrollWidth > target.clientWidth;
      for (const [name, value] of [
        ["tabindex", "0"],
        ["role", "group"],
        ["aria-label", "Formula"],
      ]) {
        if (scrolls) target.setAttribute(name, value);
        else target.removeAttribute(name);
      }
    }
  });
  for (const formula of document.querySelectorAll(".katex-display")) watch.observe(formula);
}
