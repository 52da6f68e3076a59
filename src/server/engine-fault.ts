import { type RequestOptions, get } from "node:http";

/** Milliseconds to wait for the answer of an engine on this machine or in its network. */
const PATIENCE = 5_000;

/** The reason why no container engine can be used at this address of DOCKER_HOST; undefined if one answers. */
export async function engineFault(
  address: string,
): Promise<{ readonly reason: string; readonly code: string } | undefined> {
  const place = placeOf(address);
  if (place === undefined) return { reason: "only unix:// and tcp:// are supported", code: "ERR_ADDRESS" };
  return new Promise((resolve) => {
    // Any answer is enough: the client finds out if it is the right one.
    const asked = get({ ...place, path: "/_ping", agent: false }, (answer) => {
      answer.destroy();
      resolve(undefined);
    });
    asked.setTimeout(PATIENCE, () =>
      asked.destroy(Object.assign(new Error(`no answer in ${PATIENCE / 1000} s`), { code: "ETIMEDOUT" })),
    );
    asked.on("error", (error: NodeJS.ErrnoException) => {
      const code = error.code ?? "";
      // A server that only speaks TLS answers too, but not in HTTP.
      if (code.startsWith("HPE_")) resolve(undefined);
      else resolve({ reason: error.message === "" ? code : error.message, code });
    });
  });
}

/** The address as host and port, or as a socket path; undefined if it is neither. */
export function placeOf(address: string): Pick<RequestOptions, "socketPath" | "host" | "port"> | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(address);
  if (protocol === "unix:") return { socketPath: pathname };
  if (!["tcp:", "http:", "https:"].includes(protocol) || hostname === "") return undefined;
  return { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: port === "" ? 2375 : Number(port) };
}
