/** Folds and unfolds the code of all cells at once; unfolds everything for print. */

/** Makes the button that hides or shows all code work. */
export function foldCode(): void {
  const button = document.querySelector<HTMLButtonElement>("button.fold");
  const inputs = document.querySelectorAll<HTMLDetailsElement>("details.input");
  if (!button) return;
  button.hidden = inputs.length === 0;
  const label = () => {
    button.textContent = [...inputs].some(({ open }) => open) ? "Hide code" : "Show code";
  };
  label();
  button.addEventListener("click", () => {
    const open = ![...inputs].some((input) => input.open);
    for (const input of inputs) input.open = open;
  });
  for (const input of inputs) input.addEventListener("toggle", label);
}

/** Opens what is folded while the page is printed. */
export function openForPrint(): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll<HTMLDetailsElement>("main details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
}
