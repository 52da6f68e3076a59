import type { RoutineSettings } from "../migrate/repeat/procedures.ts";
import type { Options } from "../options.ts";

/** How procedures and roles are wanted, as the command line says. */
export function surveyOptions(options: Options): { readonly routines: RoutineSettings; readonly createRoles: boolean } {
  const { definer, "sql-security": security } = options;
  return {
    routines: {
      ...(definer === undefined ? {} : { definer }),
      ...(security === undefined ? {} : { security: security === "invoker" ? "INVOKER" : "DEFINER" }),
    },
    createRoles: options["create-roles"],
  };
}
