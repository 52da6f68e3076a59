import { afterAll } from "vitest";
import { type Lane, type TestDatabase, startTestServer, testDatabase } from "./servers.ts";
import { createDatabase, databases } from "./template.ts";

/** Databases on one server before the next one is started: what is in memory stays small. */
const DATABASES = 8;

/** Makes a database with the base of a flavour, or an empty one. */
export type MakeDatabase = (base: keyof typeof databases) => Promise<TestDatabase>;

interface Shared {
  readonly server: ReturnType<typeof startTestServer>;
  made: number;
  open: number;
}

/**
 * For tests that change nothing outside of their database: each has one of its own, on a server that the tests of this
 * group share. Loading a base takes a third of the processor time of a server's start. Called where tests are declared.
 */
export function sharedServer(lane: Lane): MakeDatabase {
  const all: Shared[] = [];
  // Stopping a server twice is no error, and one that did not start has failed its test.
  afterAll(() => Promise.allSettled(all.map(stop)));
  return async (base) => {
    let shared = all.at(-1);
    if (shared === undefined || shared.made === DATABASES) {
      all.push((shared = { server: startTestServer(lane), made: 0, open: 0 }));
    }
    const name = `${databases[base]}${++shared.made}`;
    shared.open++;
    const server = await shared.server;
    await createDatabase(server, name, base);
    return testDatabase({ ...server, [Symbol.asyncDispose]: () => leave(shared) }, lane, name);
  };
}

/** The last test that leaves a full server stops it. */
async function leave(shared: Shared): Promise<void> {
  shared.open--;
  if (shared.open === 0 && shared.made === DATABASES) await stop(shared);
}

async function stop({ server }: Shared): Promise<void> {
  await (await server)[Symbol.asyncDispose]();
}
