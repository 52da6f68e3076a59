/** The replacement for a secret. */
const mask = "***";

/** `user:password@` of a URL: everything between the first colon after `//` and the last @ before the path. */
const urlPassword = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/]*@/gi;

/** SQL words followed by a quoted password or its hash. */
const sqlPassword =
  /\b(IDENTIFIED\s+(?:(?:BY|WITH\s+\S+\s+(?:BY|AS)|VIA\s+\S+\s+(?:USING|AS))\s+)(?:PASSWORD\s*)?\(?\s*|PASSWORD\s*(?:\(|=)\s*|SET\s+PASSWORD\b[^'"]*)('(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")/gis;

/**
 * The text without passwords: those of URLs and of SQL are found by their form, `secrets` by their value. Our own
 * messages contain no secret, but messages of a server, a proxy or a library may.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  const byForm = text.replace(urlPassword, `$1:${mask}@`).replace(sqlPassword, `$1'${mask}'`);
  // The longest first: otherwise a secret that contains another one would remain in part.
  const longestFirst = secrets.filter((secret) => secret !== "").toSorted((a, b) => b.length - a.length);
  return longestFirst.reduce((result, secret) => result.replaceAll(secret, mask), byForm);
}
