import { type Vendor, atLeast, isSupported } from "../dialect/product.ts";

/** Tags of the official images, and of one of our own in their place (test/support/server-image.ts). */
const TAG = /^(?:docker\.io\/library\/)?(mysql|mariadb):(\S+)$/;

/** Tags of official images without a version. */
const UNNUMBERED: ReadonlySet<string> = new Set(["latest", "lts"]);

interface ServerImage {
  readonly tag: string;
  readonly vendor: Vendor;
  readonly version: readonly [number, number, number] | undefined;
}

/**
 * The newest image of a supported server: MariaDB before MySQL, as with local programs. A tag without a version may
 * be of any age, so it comes last.
 */
export function newestServerImage(tags: readonly string[]): string | undefined {
  const images = tags.flatMap((tag) => parse(tag) ?? []);
  return images.toSorted(compare)[0]?.tag;
}

function parse(tag: string): ServerImage | undefined {
  const match = TAG.exec(tag);
  if (match === null) return undefined;
  const vendor = match[1] === "mariadb" ? "mariadb" : "mysql";
  const name = match[2] ?? "";
  if (UNNUMBERED.has(name)) return { tag, vendor, version: undefined };
  const parts = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(?![\d.])/.exec(name);
  if (parts === null) return undefined;
  // `mariadb:10` is the newest image of version 10.
  const [major, minor, patch] = parts.slice(1).map((part) => (part === undefined ? Infinity : Number(part)));
  const version = [major ?? 0, minor ?? Infinity, patch ?? Infinity] as const;
  return isSupported({ vendor, version }) ? { tag, vendor, version } : undefined;
}

function compare(a: ServerImage, b: ServerImage): number {
  if (a.version === undefined || b.version === undefined) {
    return Number(a.version === undefined) - Number(b.version === undefined) || vendorFirst(a, b);
  }
  return vendorFirst(a, b) || Number(atLeast(b.version, a.version)) - Number(atLeast(a.version, b.version));
}

function vendorFirst(a: ServerImage, b: ServerImage): number {
  return Number(a.vendor !== "mariadb") - Number(b.vendor !== "mariadb");
}
