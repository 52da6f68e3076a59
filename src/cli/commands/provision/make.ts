import { provisionDocument } from "../../../documents/provision.ts";
import { provision } from "../../../provision/provision.ts";
import type { CommandContext } from "../../command-context.ts";
import { provisionQuestion, provisionText } from "../../views/provision.ts";
import { readRecipe, readWorkers } from "../sandbox/sandbox-options.ts";

/** Provisions the server: databases with accounts, or a reset of those that are there. */
export async function run(context: CommandContext): Promise<number> {
  const { args, confirm, connect, interrupt, options, out, target } = context;
  const result = await provision({
    connect,
    onReplica: options["on-replica"],
    place: { host: target.socket === undefined ? target.host : "localhost", port: target.port },
    prefix: target.database,
    workers: readWorkers(options.workers, "provision"),
    recipe: await readRecipe(context, args, "provision"),
    report: (line) => out.note(line),
    async confirm(names) {
      await confirm(provisionQuestion(names, target));
      interrupt.hold();
    },
  });
  out.result({ document: provisionDocument(result), text: provisionText(result, out.paintResult) });
  return 0;
}
