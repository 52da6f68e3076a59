import type { CommandContext } from "../command-context.ts";
import { settleAs } from "../settle-as.ts";

export function run(context: CommandContext): Promise<number> {
  return settleAs("forget", context);
}
