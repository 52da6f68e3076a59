import { formatAccount } from "../access/account.ts";
import { absentSteps } from "../plan/plan.ts";
import type { Plan } from "../plan/read-plan.ts";

/** What this account cannot see although it decides how new columns are made, and the GRANT that shows it. */
export function noteOnUnseen({ migrations, server, unseen }: Plan): string | undefined {
  const due = new Set(absentSteps(migrations).flatMap(({ statement }) => statement?.locks.slice(0, 1) ?? []));
  const tables = unseen.filter((name) => due.has(name));
  if (tables.length === 0) return undefined;
  return (
    `this account cannot see whether the server has to copy ${tables.join(", ")} when a column is added. It copies a table that has a ` +
    "hidden column, or too many instant changes. `up` asks the server before its first change. To see it here: " +
    `GRANT PROCESS ON *.* TO ${formatAccount(server.account)};`
  );
}
