/** Workers from code that travels in the page. */
import { gunzip } from "../client/gunzip.js";

const addresses = new Map<string, Promise<string>>();

/**
 * Where a worker's code can be loaded from. It is a blob: a worker from a `file:` page could not be loaded from anywhere else.
 *
 * @param gzip - the code, gzipped, in base64
 */
export function workerAddress(gzip: string): Promise<string> {
  let address = addresses.get(gzip);
  if (address === undefined) {
    address = gunzip(gzip).then((code) => URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
    addresses.set(gzip, address);
  }
  return address;
}

/** Starts a worker; `failed` is told what nobody in it caught, and that there is none. */
export function openWorker<Answer>(
  address: string,
  answered: (answer: Answer) => void,
  failed: (message: string) => void,
): Worker {
  const worker = new Worker(address);
  worker.onmessage = ({ data }: MessageEvent<Answer>) => answered(data);
  worker.onerror = (event) => {
    event.preventDefault();
    failed(event.message || "the page's policy allows no worker");
  };
  return worker;
}
