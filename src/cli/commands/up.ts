import type { CommandContext } from "../context.ts";

export async function run(context: CommandContext): Promise<number> {
  await using db = await context.connect();
  const [server] = await db.rows<{ version: string }>("SELECT VERSION() AS version");
  const version = server?.version ?? "unknown";
  await context.confirm(`Apply the plan to ${context.target.database}?`);
  context.out.result({ document: { server: { version } }, text: version });
  return 0;
}
