import { MigrateError } from "../errors.ts";
import { type Series, packagedSeries, parseSeries } from "./series.ts";

/** Which server is wanted: a series, whose program is started here, or an image of a container engine. */
export type ServerChoice =
  | { readonly kind: "series"; readonly series: Series }
  | { readonly kind: "image"; readonly image: string };

/** The image to pull if there is no local image of a server. */
export const PULLED = "mariadb:11.8";

/** Reads `mariadb-10.11` or `mariadb:11.8`. Throws USAGE with what there is. */
export function parseChoice(text: string): ServerChoice {
  // An image without a tag could be of any age.
  if (/^[a-z0-9][\w./-]*(?::\d+\/[\w./-]+)?:[\w][\w.-]*$/.test(text)) return { kind: "image", image: text };
  const series = parseSeries(text);
  if (series !== undefined) return { kind: "series", series };
  throw new MigrateError("USAGE", `there is no server ${JSON.stringify(text)} to choose`, {
    where: text,
    wanted: [
      `a series: ${Object.keys(packagedSeries).join(", ")}, or another one whose program is on this machine`,
      "an image with its tag, for a container engine: mariadb:11.8",
    ],
    next: "choose one of these",
  });
}
