/** Keys for what is in a notebook and not of it. */

/**
 * Keeps what is typed within an element from the notebook around it, whose commands are single letters: JupyterLab looks for
 * the attribute, since it listens before the element can; the classic Notebook listens further up.
 */
export function keepKeys(element: HTMLElement): void {
  element.dataset.lmSuppressShortcuts = "true";
  element.addEventListener("keydown", (event) => event.stopPropagation());
}
