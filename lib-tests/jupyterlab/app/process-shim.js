/** What packages written for Node ask of `process` in a page. */
export const process = {
  cwd: () => "/",
  env: {},
  browser: true,
  nextTick: (callback) => Promise.resolve().then(callback),
};
