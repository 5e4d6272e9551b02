/**
 * Starts JupyterLab in the page, with all extensions that are given. `window.jupyterapp` is for the tests; `body[data-lab=ready]` says that the page can be used.
 */
import { JupyterLab } from "@jupyterlab/application";

/** Parts of extensions that ask for another extension which is not here: language servers, consoles. */
const LEFT_OUT = /:language-server|tooltip-extension:consoles/;

export function start(extensions, mimeExtensions) {
  const lab = new JupyterLab({
    mimeExtensions: mimeExtensions.map((module) => ({ __esModule: true, default: module.default })),
  });
  globalThis.jupyterapp = lab;
  const plugins = extensions.flatMap((module) => module.default);
  lab.registerPlugins(plugins.filter((plugin) => !LEFT_OUT.test(plugin.id)));
  void lab
    .start()
    .then(() => lab.restored)
    .then(() => {
      document.body.dataset.lab = "ready";
    });
}
