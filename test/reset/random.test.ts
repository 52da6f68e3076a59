/** Changes by chance, a reset, and the database is what its twin is; or the error that names what only the command can do. */
import { type Connection } from "mysql2/promise";
import { expect, test } from "vitest";
import { Random } from "../../src/seed/generate/content/random.ts";
import { limit, seed, tries } from "../support/proof.ts";
import { onEveryServer } from "../support/servers.ts";
import { type Pick, besides, changes } from "./changes.ts";
import { pictureOf } from "./picture.ts";
import { ONE, TWIN } from "./test-databases.ts";
import { inSandbox, onServerWithDefaults } from "./users-way.ts";

const places = [
  ["in a sandbox", inSandbox],
  ["provisioned on a server with default settings", onServerWithDefaults],
] as const;

onEveryServer("changes by chance", (lane) => {
  test.each(places)("%s", limit(280), async (place, open) => {
    await using databases = await open(lane, besides);
    const { command, plain, runCommand, server } = databases;
    const twin = await pictureOf(server, TWIN);
    expect(await pictureOf(server, ONE)).toEqual(twin);
    let caller = await plain();
    let [exact, named] = [0, 0];
    for (let attempt = 0; attempt < tries(500); attempt++) {
      const pick = pickOf(Random.of(seed() + attempt, 0));
      const sessions = [await patient(plain), await patient(plain)] as const;
      const chosen = Array.from({ length: pick.below(4) }, () => pick.one(changes));
      const done: string[] = [];
      for (const change of chosen) {
        // A change may not fit what another has left; what it did before its error counts as well.
        const error = await change.run(...sessions, pick).then(
          () => "",
          (thrown: Error) => ` (${thrown.message})`,
        );
        done.push(change.name + error);
      }
      const title = `try ${attempt}: ${done.join(", ")}`;
      if (pick.below(2) === 0) sessions[0].destroy();
      const said = await caller.query(`CALL ispyb_sandbox.reset('${ONE}')`).then(
        () => "",
        (error: Error) => error.message,
      );
      if (said === "") exact++;
      else {
        expect(
          chosen.some(({ wholeOnly }) => wholeOnly),
          `${title}: ${said}`,
        ).toBe(true);
        expect(said, title).toContain(command);
        for (const each of sessions) each.destroy();
        await runCommand();
        caller.destroy();
        caller = await plain();
        named++;
      }
      expect(await pictureOf(server, ONE), title).toEqual(twin);
      for (const each of sessions) each.destroy();
    }
    caller.destroy();
    process.stdout.write(
      `${lane.name}, ${place}: ${exact} resets were exact, ${named} ended in the error that names the command\n`,
    );
  });
});

/** A session that waits a second for what another one holds, and not the server's 50 s or a day. */
async function patient(open: () => Promise<Connection>): Promise<Connection> {
  const session = await open();
  await session.query("SET SESSION innodb_lock_wait_timeout = 1, lock_wait_timeout = 1");
  return session;
}

function pickOf(random: Random): Pick {
  return {
    one: (list) => chosenFrom(list, random.whole(0, list.length - 1)),
    below: (number) => random.whole(0, number - 1),
  };
}

function chosenFrom<T>(list: readonly T[], at: number): T {
  const chosen = list[at];
  if (chosen === undefined) throw new Error(`the list has no place ${at}`);
  return chosen;
}
