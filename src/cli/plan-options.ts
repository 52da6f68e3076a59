import type { Options } from "../options.ts";
import type { PlanOptions } from "../plan/read-plan.ts";
import { loadProcedures } from "../repeatables/procedures/source.ts";

type Wanted = Required<Pick<PlanOptions, "procedures" | "routines" | "createRoles">>;

/** The wanted procedures, and how they and the roles are created, by the options of the command line. */
export async function planOptions(options: Options): Promise<Wanted> {
  const { definer, "sql-security": security } = options;
  return {
    procedures: await loadProcedures(),
    routines: {
      // As in SQL: without a host it is any host.
      ...(definer === undefined ? {} : { definer: definer.includes("@") ? definer : `${definer}@%` }),
      ...(security === undefined ? {} : { security: security === "invoker" ? "INVOKER" : "DEFINER" }),
    },
    createRoles: options["create-roles"],
  };
}
