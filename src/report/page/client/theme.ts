/** Light, dark, or as the system has it; remembered where the browser allows a page to remember. */

const KEY = "glass-house-theme";

/** Puts the remembered choice on the page. */
export function applyTheme(): void {
  const theme = remembered();
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Makes the buttons of the theme work. */
export function offerThemes(): void {
  for (const choice of document.querySelectorAll<HTMLInputElement>("input[name=theme]")) {
    choice.checked = choice.value === remembered();
    choice.addEventListener("change", () => {
      remember(choice.value);
      applyTheme();
    });
  }
}

/** What was chosen on this page, for browsers that refuse storage to files or altogether. */
let chosen = "auto";

function remembered(): string {
  try {
    chosen = localStorage.getItem(KEY) ?? chosen;
  } catch {
    // what was chosen on this page holds
  }
  return chosen === "light" || chosen === "dark" ? chosen : "auto";
}

function remember(theme: string): void {
  chosen = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // as above
  }
}
