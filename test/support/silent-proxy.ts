/** A server behind a network that can go silent: nothing is closed, and nothing arrives any more. */
import { type Socket, connect, createServer } from "node:net";
import { listening } from "./listening.ts";
import type { TestDatabase } from "./servers.ts";

export interface SilentProxy
  extends AsyncDisposable, Pick<TestDatabase, "host" | "port" | "user" | "password" | "database"> {
  /** From now on no byte gets through, in either direction; new connections are accepted, and stay without an answer. */
  silence(): void;
}

export async function silentProxy({ database, host, password, port, user }: TestDatabase): Promise<SilentProxy> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from);
    // The end of a program is heard as little as its words.
    from.on("data", (bytes) => (isSilent ? undefined : to.write(bytes)));
    from.on("close", () => (isSilent ? undefined : to.destroy()));
    from.on("error", () => {});
  };
  const proxy = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ host, port, allowHalfOpen: true });
    pass(client, server);
    pass(server, client);
  });
  return {
    ...(await listening(proxy, sockets)),
    user,
    password,
    database,
    silence() {
      isSilent = true;
    },
  };
}
