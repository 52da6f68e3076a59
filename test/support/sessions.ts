/** The sessions of a run, with a door for the test. */
import { connect } from "../../src/db/connect.ts";
import type { Db } from "../../src/db/db.ts";
import { type Interceptor, intercept } from "../../src/db/intercept.ts";
import type { TestDatabase } from "./servers.ts";
import { targetOf } from "./upgrade.ts";

/** What a run opens its sessions with: the statements of the main one pass through `around`. */
export function connectWith(db: TestDatabase, around: (main: Db) => Interceptor): (role: string) => Promise<Db> {
  return async (role) => {
    const session = await connect(targetOf(db), role);
    return role === "main" ? intercept(session, around(session)) : session;
  };
}

/** Both signals of a run, and both at once, as by two Ctrl-C. */
export function twoSignals() {
  const [stop, kill] = [new AbortController(), new AbortController()];
  const killNow = () => {
    stop.abort();
    kill.abort();
  };
  return { stop: stop.signal, kill: kill.signal, killNow };
}
