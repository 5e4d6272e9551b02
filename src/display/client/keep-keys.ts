/** Keys for what is in a notebook and not of it. */

/**
 * Keeps what is typed within an element from the notebook around it, whose commands are single letters. JupyterLab listens
 * before the element can. From the focused element upwards it looks for an attribute and for what its commands are meant
 * for, and some are meant for whatever has the focus: so the attribute has to be there and not further up. The classic
 * Notebook leaves outputs alone; who else listens does so further up.
 */
export function keepKeys(element: HTMLElement): void {
  element.addEventListener("focusin", ({ target }) => {
    (target as HTMLElement | SVGElement).dataset.lmSuppressShortcuts = "true";
  });
  element.addEventListener("keydown", (event) => event.stopPropagation());
}
