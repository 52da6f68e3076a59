import type { TestDatabase } from "../support/servers.ts";

/** Which of these statements do not get their lock within a second, each in a session of its own. */
export async function keptOut(
  db: TestDatabase,
  tries: readonly { readonly what: string; readonly sql: string }[],
): Promise<string[]> {
  const kept = await Promise.all(
    tries.map(async ({ what, sql }) => {
      const user = await db.connection();
      await user.query("SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1");
      return user.query(sql).then(
        () => [],
        () => [what],
      );
    }),
  );
  return kept.flat();
}
