/** Changes by chance, a reset, and the database is what its twin is; or the error that names what only the whole reset can do. */
import { expect, test } from "vitest";
import { resetDatabase } from "../../src/reset/reset.ts";
import { Random } from "../../src/seed/generate/content/random.ts";
import { limit, seed, tries } from "../support/proof.ts";
import { onEveryServer } from "../support/servers.ts";
import { type Pick, besides, changes } from "./changes.ts";
import { pictureOf } from "./picture.ts";
import { ONE, TWIN, testDatabases } from "./test-databases.ts";

/** Of 1,000 tries of a proof, each kind of server gets these: sandbox settings are what most tests run on. */
const settings = [
  ["with the settings of a sandbox", true, 800],
  ["with default settings", false, 200],
] as const;

onEveryServer("changes by chance", (lane) => {
  test.each(settings)("%s", limit(280), async (_name, sandbox, proof) => {
    await using databases = await testDatabases(lane, { sandbox, before: besides });
    const { server, admin, plain } = databases;
    const twin = await pictureOf(server, TWIN);
    let [exact, named] = [0, 0];
    for (let attempt = 0; attempt < tries(proof); attempt++) {
      const random = Random.of(seed() + attempt, 0);
      const pick: Pick = {
        one: (list) => chosenFrom(list, random.whole(0, list.length - 1)),
        below: (number) => random.whole(0, number - 1),
      };
      const [session, other] = [await plain(), await plain()];
      const chosen = Array.from({ length: pick.below(4) }, () => pick.one(changes));
      const done: string[] = [];
      for (const change of chosen) {
        // A change may not fit what another has left; what it did before its error counts as well.
        const error = await change.run(session, other, pick).then(
          () => "",
          (thrown: Error) => ` (${thrown.message})`,
        );
        done.push(change.name + error);
      }
      const title = `try ${attempt}: ${done.join(", ")}`;
      if (pick.below(2) === 0) session.destroy();
      const said = await databases.reset().then(
        () => "",
        (error: Error) => error.message,
      );
      if (said === "") exact++;
      else {
        expect(
          chosen.some(({ wholeOnly }) => wholeOnly),
          `${title}: ${said}`,
        ).toBe(true);
        expect(said, title).toContain(`ispyb-migrate sandbox reset ${ONE}`);
        for (const each of [session, other]) each.destroy();
        await resetDatabase(admin, ONE);
        named++;
      }
      expect(await pictureOf(server, ONE), title).toEqual(twin);
      for (const each of [session, other]) each.destroy();
    }
    process.stdout.write(
      `${lane.name}: ${exact} resets were exact, ${named} ended in the error that names the command\n`,
    );
  });
});

function chosenFrom<T>(list: readonly T[], at: number): T {
  const chosen = list[at];
  if (chosen === undefined) throw new Error(`the list has no place ${at}`);
  return chosen;
}
