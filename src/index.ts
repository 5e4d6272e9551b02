/** What a notebook may import, and nothing else. */
export * from "./core.js";
