/** Text that can be written down: what no encoding or document may hold gives way to U+FFFD. */

const NOT_IN_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** The text without control characters and half surrogates, of which XML allows none, however escaped. */
export function wellFormedXml(text: string): string {
  return text.replace(NOT_IN_XML, "\ufffd");
}
