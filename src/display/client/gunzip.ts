/** Code that travels packed. */

/** @param gzip text, gzipped, in base64 */
export async function gunzip(gzip: string): Promise<string> {
  const bytes = Uint8Array.from(atob(gzip), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
