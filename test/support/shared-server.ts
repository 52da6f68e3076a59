import { afterAll } from "vitest";
import { type Lane, type TestDatabase, startTestServer, testDatabase } from "./servers.ts";
import { SHARED, createDatabase, type databases, sharedName } from "./template.ts";

/** Gives a database with the base of a flavour, or an empty one. */
export type MakeDatabase = (base: keyof typeof databases) => Promise<TestDatabase>;

interface Shared {
  readonly server: ReturnType<typeof startTestServer>;
  made: number;
  open: number;
}

/**
 * For tests that change nothing outside of their database: each has one of its own, on a server that the tests of this
 * group share: of the official base it is there already. Called where tests are declared.
 */
export function sharedServer(lane: Lane): MakeDatabase {
  const all: Shared[] = [];
  // Stopping a server twice is no error, and one that did not start has failed its test.
  afterAll(() => Promise.allSettled(all.map(stop)));
  return async (base) => {
    let shared = all.at(-1);
    if (shared === undefined || shared.made === SHARED) {
      all.push((shared = { server: startTestServer(lane, { shared: true }), made: 0, open: 0 }));
    }
    const name = sharedName(base, ++shared.made);
    shared.open++;
    const server = await shared.server;
    if (base !== "official") await createDatabase(server, name, base);
    return testDatabase({ ...server, [Symbol.asyncDispose]: () => leave(shared) }, lane, name);
  };
}

/** The last test that leaves a full server stops it. */
async function leave(shared: Shared): Promise<void> {
  shared.open--;
  if (shared.open === 0 && shared.made === SHARED) await stop(shared);
}

async function stop({ server }: Shared): Promise<void> {
  await (await server)[Symbol.asyncDispose]();
}
