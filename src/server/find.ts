import { oldestSupported } from "../dialect/product.ts";
import { MigrateError } from "../errors.ts";
import type { Next } from "../hint.ts";
import type { ServerBinary } from "./binary.ts";
import { type ServerChoice, parseChoice } from "./choice.ts";
import { container, containerOfImage } from "./container.ts";
import { distributionPackage, unpackDistributionPackage, unpackSeries } from "./distribution-package.ts";
import { findLocalBinary, localBinary } from "./local-binary.ts";
import type { Fetching } from "./package.ts";
import { startFrom } from "./program.ts";
import type { ProviderRefusal, RunningServer, ServerProvider } from "./provider.ts";

type Report = (line: string) => void;

/** All providers, cheapest first: an installed program, a container, a package to download. */
export const providers: readonly ServerProvider[] = [localBinary, container, distributionPackage];

/** The providers of what was chosen, by `--server`. Throws USAGE if it is no choice. */
export function providersOf(choice: string | undefined): readonly ServerProvider[] {
  if (choice === undefined) return providers;
  const parsed = parseChoice(choice);
  if (parsed.kind === "image") return [containerOfImage(parsed.image)];
  return sourcesOf(parsed).map((source) => ({
    name: choice,
    async start(report) {
      const binary = await source(report);
      return "reason" in binary ? binary : startFrom(choice, binary, report);
    },
  }));
}

/**
 * A program that can be started on a copied data directory, of the chosen series if one is named; otherwise why there
 * is none, for `noServer`. An image is no such program. Throws USAGE if it is no choice.
 */
export async function findProgram(
  choice: string | undefined,
  report: Report = () => {},
  fetching: Fetching = {},
): Promise<ServerBinary | readonly ProviderRefusal[]> {
  const refusals: ProviderRefusal[] = [];
  for (const source of sourcesOf(choice === undefined ? undefined : parseChoice(choice), fetching)) {
    const answer = await source(report);
    if (!("reason" in answer)) return answer;
    refusals.push(answer);
  }
  return refusals;
}

type Source = (report: Report) => Promise<ServerBinary | ProviderRefusal>;

function sourcesOf(choice: ServerChoice | undefined, fetching: Fetching = {}): readonly Source[] {
  if (choice === undefined) return [() => findLocalBinary(), unpackDistributionPackage];
  if (choice.kind === "image") return [async () => noProgramIn(choice.image)];
  const { series } = choice;
  return [() => findLocalBinary(undefined, series), (report) => unpackSeries(series, report, fetching)];
}

function noProgramIn(image: string): ProviderRefusal {
  const reason = `the server of the image ${image} runs in a container, so it cannot be started on a copied data directory`;
  return { provider: "container", reason, remedy: "choose a series, for example mariadb-11.8" };
}

/**
 * A private server from the first provider that has one. If none has, throws NO_SERVER with reason and remedy of
 * every provider, in order.
 */
export async function findServer(
  report: Report = () => {},
  among: readonly ServerProvider[] = providers,
): Promise<RunningServer> {
  const refusals: ProviderRefusal[] = [];
  for (const provider of among) {
    const answer = await provider.start(report);
    if (!("reason" in answer)) return answer;
    refusals.push(answer);
  }
  throw noServer(refusals);
}

/** NO_SERVER: why each provider has none, what to do about it, and what else there is. @public */
export function noServer(refusals: readonly ProviderRefusal[], others: readonly Next[] = []): MigrateError {
  return new MigrateError("NO_SERVER", "no database server can be started on this machine", {
    wanted: `${oldestSupported("mariadb")} or newer, or ${oldestSupported("mysql")} or newer`,
    found: refusals.map(({ provider, reason }) => `${provider}: ${reason}`),
    next: [...refusals.map(({ provider, remedy }) => `${provider}: ${remedy}`), ...others],
  });
}
