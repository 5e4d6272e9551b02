/** The pictures that a notebook's text refers to, as data URIs: a page holds all that it shows. */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { extname, isAbsolute, relative, resolve, sep } from "node:path";
import type { MimeBundle } from "../notebook.js";

/** Files that a markdown cell carries, by name. */
export type Attachments = Record<string, MimeBundle>;

/** A picture as a data URI, or why there is none. */
export type Picture = { data: string } | { problem: string };

/** Bytes of the largest file that goes into a page, and of all in one page. */
const LARGEST = 4_000_000;
const LARGEST_SUM = 16_000_000;

const PICTURE_TYPE = /^image\/(png|jpeg|gif|webp|svg\+xml)$/;

/** How a file of each type begins; an SVG is told by its name, for it may begin in many ways. */
const SIGNATURES: [type: string, begin: RegExp][] = [
  ["image/png", /^\x89PNG/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8/],
  ["image/webp", /^RIFF.{4}WEBP/s],
];

/** The pictures of one page. */
export class Pictures {
  /** The notebook's folder; null where there is none, and so no file is read. */
  readonly #folder: string | null;
  #bytes = 0;

  constructor(folder: string | null) {
    this.#folder = folder;
  }

  /**
   * The picture at an address in the text of a cell: one within the text, an attachment of the cell, or a file in the
   * notebook's folder or below. What lies elsewhere is not read: a report is passed on to others.
   */
  at(address: string, attachments: Attachments): Picture {
    if (/^data:/i.test(address)) return within(address);
    const attachment = /^attachment:(.*)$/is.exec(address)?.[1];
    if (attachment !== undefined) return attached(unescaped(attachment), attachments);
    if (/^([a-z][a-z\d+.-]+:|\/\/)/i.test(address)) return { problem: "lies elsewhere" };
    return this.#file(unescaped(address.replace(/[?#].*$/s, "")));
  }

  #file(name: string): Picture {
    if (this.#folder === null || name === "") return { problem: "is not there" };
    const path = resolve(this.#folder, name);
    const outside = { problem: "lies outside of the notebook's folder" };
    if (!isWithin(this.#folder, path)) return outside;
    try {
      const real = realpathSync(path);
      if (!isWithin(realpathSync(this.#folder), real)) return outside;
      const file = statSync(real);
      if (!file.isFile()) return { problem: "is no file" };
      if (file.size > LARGEST) return { problem: `is larger than ${LARGEST / 1e6} MB` };
      if (this.#bytes + file.size > LARGEST_SUM)
        return { problem: `would be more than ${LARGEST_SUM / 1e6} MB with those before it` };
      const bytes = readFileSync(real);
      const type = typeOf(real, bytes);
      if (type === undefined) return { problem: "is no picture that a page can show" };
      this.#bytes += file.size;
      return { data: `data:${type};base64,${bytes.toString("base64")}` };
    } catch {
      return { problem: "is not there" };
    }
  }
}

function within(address: string): Picture {
  const type = /^data:([^;,]*)/i.exec(address)?.[1]?.toLowerCase() ?? "";
  return PICTURE_TYPE.test(type) ? { data: address } : { problem: "is no picture that a page can show" };
}

function attached(name: string, attachments: Attachments): Picture {
  const files = Object.hasOwn(attachments, name) ? Object.entries(attachments[name] as MimeBundle) : [];
  const [type, data] = files.find(([type]) => PICTURE_TYPE.test(type)) ?? [];
  return type === undefined
    ? { problem: "is not attached" }
    : { data: `data:${type};base64,${String(data)}` };
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function typeOf(path: string, bytes: Buffer): string | undefined {
  if (extname(path).toLowerCase() === ".svg") return "image/svg+xml";
  const begin = bytes.toString("latin1", 0, 16);
  return SIGNATURES.find(([, signature]) => signature.test(begin))?.[0];
}

/** A name out of a URL; as it stands where its percent signs encode nothing. */
function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
