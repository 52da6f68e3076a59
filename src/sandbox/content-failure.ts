/** Failures of a content, in the words of the user: not of the database in which the content is made, and which is dropped. */
import { MigrateError, asList, catalogue } from "../errors.ts";
import type { Recipe } from "./recipe.ts";

/** Phases of a content: what the user gave is at fault in each of them. */
export type Phase = "base" | "up" | "seed";

/** The same error about `recipe` instead of database `source`. Errors about the server or its account stay as they are. */
export function contentFailure(error: unknown, phase: Phase, source: string, { bases }: Recipe): unknown {
  if (!(error instanceof MigrateError) || isOfServer(error)) return error;
  const { details, message } = error;
  const given = bases.join(", ");
  const where = details.where?.replace(`${source}.`, `${given}: `).replace(source, given);
  return new MigrateError(error.code, message.replaceAll(source, given), {
    ...details,
    ...(where === undefined ? {} : { where }),
    done: "no test database was created or changed",
    ...(phase === "up" ? { next: waysOf(error) } : {}),
  });
}

// --- internal ---

/** `up` refuses with 4 what a person has to change: of these, not the database but the server or the account. */
function isOfServer({ code }: MigrateError): boolean {
  const { exit } = catalogue[code];
  if (code === "MISSING_PRIVILEGE" || code === "SERVER_UNSUPPORTED" || code === "SERVER_READ_ONLY") return true;
  return exit !== 4 && code !== "STATEMENT_FAILED" && exit !== 64;
}

/** Commands and options of `up` cannot reach a database that is gone: its statements can follow the base schema. */
function waysOf({ code, details: { next } }: MigrateError): string[] {
  const sentences = asList(next).flatMap((each) =>
    typeof each === "string" && !/(?:^|\s)--[a-z]/.test(each) ? [each] : [],
  );
  const statements = sentences.some((each) => each.includes(";"))
    ? ["put the statements that you choose into a file, and give it with a further --base"]
    : [];
  if (code === "NOT_ISPYB" && statements.length === 0)
    return ["give a schema of ISPyB with --base: official, diamond, a dump, or a checkout of ispyb-database"];
  return [
    ...sentences,
    ...statements,
    "or load the base schema into a database of your own, run `up` there until it succeeds, and give a dump of that database with --base",
  ];
}
