import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";

/** Where a proxy listens, on a free port of this machine. Its end is that of all its sockets. */
export async function listening(
  proxy: Server,
  sockets: ReadonlySet<Socket>,
): Promise<AsyncDisposable & { readonly host: string; readonly port: number }> {
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    host: "127.0.0.1",
    port: (proxy.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
      await once(proxy, "close");
    },
  };
}
