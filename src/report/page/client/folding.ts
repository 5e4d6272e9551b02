/** What is folded: the code of all cells, which one button shows; and sections, which links open, and one button. */

/** Makes the button that shows or hides all code work. */
export function foldCode(): void {
  toggleAll("button.fold", "details.input", ["Show code", "Hide code"]);
}

/** Makes the button that opens all sections work, and opens what a link leads to. */
export function foldSections(): void {
  toggleAll("button.open-all", "details.section", ["Open the rest", "Fold the rest"]);
  const follow = () => reveal(location.hash)?.scrollIntoView();
  addEventListener("hashchange", follow);
  // before the browser goes there, and again where the address stays the same
  document.addEventListener("click", ({ target }) => {
    const link = (target as Element).closest<HTMLAnchorElement>('a[href^="#"]');
    if (link) reveal(link.hash);
  });
  if (location.hash) follow();
}

/** Opens all that the place of that name is folded into. */
function reveal(hash: string): Element | null {
  const name = decoded(hash.slice(1));
  if (name === "") return null;
  const place = document.getElementsByName(name)[0] ?? document.getElementById(name);
  let around = place?.closest("details") ?? null;
  while (around) {
    around.open = true;
    around = around.parentElement?.closest("details") ?? null;
  }
  return place;
}

/** What a link encoded; an address may hold anything. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A button that opens all of a kind, or closes them where all are open. */
function toggleAll(buttonSelector: string, selector: string, [open, close]: readonly [string, string]): void {
  const button = document.querySelector<HTMLButtonElement>(buttonSelector);
  const all = document.querySelectorAll<HTMLDetailsElement>(selector);
  if (!button) return;
  button.hidden = all.length === 0;
  const label = () => {
    button.textContent = [...all].every((one) => one.open) ? close : open;
  };
  label();
  button.addEventListener("click", () => {
    const isOpen = ![...all].every((one) => one.open);
    for (const one of all) one.open = isOpen;
  });
  for (const one of all) one.addEventListener("toggle", label);
}
