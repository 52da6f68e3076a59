import { type RequestOptions, get } from "node:http";

/** How long an engine on this machine or in its network may take for a word, in milliseconds. */
const PATIENCE = 5_000;

/** Why no container engine can be used at an address as DOCKER_HOST has it; undefined if somebody answers there. */
export async function engineFault(
  address: string,
): Promise<{ readonly reason: string; readonly code: string } | undefined> {
  const place = placeOf(address);
  if (place === undefined) return { reason: "only unix:// and tcp:// can be used", code: "ERR_ADDRESS" };
  return new Promise((resolve) => {
    // Any answer will do: whether it is the right one is for the client to find out.
    const asked = get({ ...place, path: "/_ping", agent: false }, (answer) => {
      answer.destroy();
      resolve(undefined);
    });
    asked.setTimeout(PATIENCE, () =>
      asked.destroy(Object.assign(new Error(`no answer in ${PATIENCE / 1000} s`), { code: "ETIMEDOUT" })),
    );
    asked.on("error", (error: NodeJS.ErrnoException) => {
      const code = error.code ?? "";
      // What speaks TLS alone says something, and it is no HTTP.
      if (code.startsWith("HPE_")) resolve(undefined);
      else resolve({ reason: error.message === "" ? code : error.message, code });
    });
  });
}

/** The same as one host and port, or as one path. */
export function placeOf(address: string): Pick<RequestOptions, "socketPath" | "host" | "port"> | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(address);
  if (protocol === "unix:") return { socketPath: pathname };
  if (!["tcp:", "http:", "https:"].includes(protocol) || hostname === "") return undefined;
  return { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: port === "" ? 2375 : Number(port) };
}
