/**
 * JupyterLab's front end, built from its npm packages: a JupyterLab from PyPI is no part of Debian. The packages (435
 * MB) are installed in a temporary folder and go with it; what is kept is the bundle (18 MB), in node_modules/.cache
 * under a hash of all that it is made of.
 */
import { type ExecFileException, execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { type BuildOptions, build, version as esbuildVersion, type Plugin } from "esbuild";
import { PACKAGE_ROOT } from "../../src/report/kernel-command.js";

/** The folder of what is installed and bundled, and of the server's part. */
export const APP: string = join(PACKAGE_ROOT, "lib-tests", "jupyterlab", "app");

/** What the bundle is made of, besides this file. */
const SOURCES = ["package.json", "package-lock.json", "main.js", "process-shim.js"];

/** The packages could not be had: a machine without a network, mostly. */
export class InstallError extends Error {
  override name = "InstallError";
}

/**
 * The folder of the built front end; builds it where that has not been done yet (about a minute).
 *
 * @throws InstallError when the packages cannot be installed
 */
export async function frontEnd(): Promise<string> {
  const folder = join(PACKAGE_ROOT, "node_modules", ".cache", "glass-house", `jupyterlab-${hash()}`);
  if (existsSync(folder)) return folder;
  const scratch = mkdtempSync(join(tmpdir(), "glass-house-jupyterlab-"));
  try {
    for (const file of SOURCES) cpSync(join(APP, file), join(scratch, file));
    await install(scratch);
    const built = join(scratch, "build");
    await bundle(scratch, built);
    // beside its place first: it may lie on another disk, and half a copy must not pass for the whole
    const whole = `${folder}.${process.pid}`;
    mkdirSync(dirname(folder), { recursive: true });
    cpSync(built, whole, { recursive: true });
    renameSync(whole, folder);
    return folder;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function hash(): string {
  const parts = [...SOURCES.map((file) => join(APP, file)), __filename].map((path) => readFileSync(path));
  const sum = createHash("sha256").update(esbuildVersion);
  for (const part of parts) sum.update(createHash("sha256").update(part).digest());
  return sum.digest("hex").slice(0, 16);
}

async function install(folder: string): Promise<void> {
  // within `npm run` the npm that runs it; its variables would have this one work in the project
  const { npm_execpath: own, npm_config_local_prefix: _prefix, ...env } = process.env;
  const [file, ...args] = own === undefined ? ["npm"] : [process.execPath, own];
  const options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=5"];
  try {
    await promisify(execFile)(file, [...args, ...options], { cwd: folder, env });
  } catch (error) {
    const { stderr, message } = error as ExecFileException & { stderr: string };
    const why = /^npm error (?!code|errno|syscall).*/m.exec(stderr)?.[0] ?? message;
    throw new InstallError(`JupyterLab's packages could not be installed: ${why}`, { cause: error });
  }
}

/** What a package of JupyterLab says of itself. */
interface Manifest {
  styleModule?: string;
  jupyterlab?: { extension?: boolean; mimeExtension?: boolean; schemaDir?: string; themePath?: string };
}

/** Bundles the packages into `out`: bundle.js and bundle.css, the settings' schemas, the themes. */
async function bundle(folder: string, out: string): Promise<void> {
  const modules = join(folder, "node_modules");
  const names = readdirSync(join(modules, "@jupyterlab")).map((name) => `@jupyterlab/${name}`);
  const direct = Object.keys(read<{ dependencies: object }>(join(folder, "package.json")).dependencies);
  const packages = names
    .filter((name) => direct.includes(name))
    .map((name) => ({ name, manifest: read<Manifest>(join(modules, name, "package.json")) }));
  const extensions = packages
    .filter(({ manifest }) => manifest.jupyterlab?.extension)
    .map(({ name }) => name);
  const renderers = packages
    .filter(({ manifest }) => manifest.jupyterlab?.mimeExtension)
    .map(({ name }) => name);
  const imports = (kind: string, of: string[]): string[] =>
    of.map((name, i) => `import * as ${kind}${i} from "${name}";`);
  const list = (kind: string, of: string[]): string => `[${of.map((_, i) => `${kind}${i}`)}]`;
  const entry = [
    ...packages.flatMap(({ name, manifest: { styleModule } }) =>
      styleModule === undefined ? [] : [`import "${name}/${styleModule}";`],
    ),
    ...imports("extension", extensions),
    ...imports("renderer", renderers),
    `import { start } from "./main.js";`,
    `start(${list("extension", extensions)}, ${list("renderer", renderers)});`,
  ].join("\n");

  const common: BuildOptions = {
    absWorkingDir: folder,
    bundle: true,
    logLevel: "error",
    plugins: [lateImports, tildes, pictures],
    loader: {
      ".svg": "text",
      ".md": "text",
      ".raw.css": "text",
      ...Object.fromEntries(
        [".woff", ".woff2", ".ttf", ".eot", ".png", ".gif"].map((ending) => [ending, "dataurl" as const]),
      ),
    },
  };
  await build({
    ...common,
    stdin: { contents: entry, resolveDir: folder, sourcefile: "entry.js" },
    outfile: join(out, "bundle.js"),
    format: "iife",
    platform: "browser",
    mainFields: ["browser", "module", "main"],
    define: { global: "globalThis", __dirname: '"/"', "process.env.NODE_ENV": '"production"' },
    alias: { path: "path-browserify" },
    inject: ["process-shim.js"],
  });

  for (const { name, manifest } of packages) {
    const { schemaDir, themePath } = manifest.jupyterlab ?? {};
    if (schemaDir !== undefined) {
      const schemas = join(out, "schemas", name);
      cpSync(join(modules, name, schemaDir), schemas, { recursive: true });
      writeFileSync(join(schemas, "package.json.orig"), JSON.stringify(manifest));
    }
    if (themePath !== undefined) {
      await build({
        ...common,
        entryPoints: [join(modules, name, themePath)],
        outfile: join(out, "themes", name, "index.css"),
      });
    }
  }
}

function read<Content>(path: string): Content {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** webpack's css-loader takes @import rules that come late; CSS, and esbuild, want them first. */
const lateImports: Plugin = {
  name: "late imports",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, ({ path }) => {
      if (path.endsWith(".raw.css")) return undefined;
      const rules: string[] = [];
      const others = readFileSync(path, "utf8").replace(/^@import [^;]+;/gm, (rule) => {
        rules.push(rule);
        return "";
      });
      return { contents: [...rules, others].join("\n"), loader: "css" };
    });
  },
};

/** webpack's `~package/file` is a file of a package. */
const tildes: Plugin = {
  name: "tildes",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^~/ }, ({ path, kind, importer, resolveDir }) =>
      resolve(path.slice(1), { kind, importer, resolveDir }),
    );
  },
};

/** An SVG is a text to scripts, and a picture to style sheets. */
const pictures: Plugin = {
  name: "pictures",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.svg(\?.*)?$/ }, ({ kind, path, resolveDir }) =>
      kind === "url-token"
        ? { path: resolve(resolveDir, path.replace(/\?.*$/, "")), namespace: "picture" }
        : undefined,
    );
    onLoad({ filter: /./, namespace: "picture" }, ({ path }) => ({
      contents: readFileSync(path),
      loader: "dataurl",
    }));
  },
};
