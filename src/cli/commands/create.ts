import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { formatHint } from "../../documents/format-hint.ts";
import type { CreateDocument } from "../../documents/local.ts";
import { MigrateError, messageOf } from "../../errors.ts";
import { OWN_NAME } from "../../facility/import-file.ts";
import { loadsTypes } from "../../facility/surroundings.ts";
import { hint } from "../../hint.ts";
import { ownMigrations } from "../../own-files.ts";
import { shellWord } from "../../shell-word.ts";
import type { LocalContext } from "../command-context.ts";
import { nameMigration, template } from "../new-migration.ts";

export async function run({ args: [word = ""], cwd, options, out }: LocalContext): Promise<number> {
  const { in: given } = options;
  const place = given === undefined ? checkout() : await facility(resolve(cwd, given));
  const { folder, extension, next } = place;
  const existing = await readdir(folder).catch((cause: unknown) => {
    throw unwritable(folder, folder, cause);
  });
  const names = existing.flatMap((file) => /^(\d{4}_\d{2}_\d{2}_\w+)\./.exec(file)?.[1] ?? []);
  const name = nameMigration(word, new Date(), names, given);
  const file = join(folder, `${name}.${extension}`);
  await writeNew(file, folder, template(place.imports));
  const steps = ["replace the example with the real reason and the real steps", ...next(out.caller)];
  const lines = [
    `${out.paintResult("green", "written")}  ${relative(cwd, file)}`,
    ...steps.map((line, at) => `${at === 0 ? "next" : "    "}     ${line}`),
  ];
  out.result({ document: { name, file, next: steps } satisfies CreateDocument, text: lines.join("\n") });
  return 0;
}

// --- internal ---

/** Where a migration is written, and what its file looks like there. */
interface Place {
  readonly folder: string;
  readonly extension: "ts" | "js";
  readonly imports: string;
  readonly next: (caller: LocalContext["out"]["caller"]) => string[];
}

/** A package holds built migrations; a file written there would be lost with the next version. */
function checkout(): Place {
  const folder = fileURLToPath(ownMigrations);
  if (import.meta.url.endsWith(".ts")) {
    return {
      folder,
      extension: "ts",
      imports: "../src/steps/define.ts",
      next: (caller) => [
        formatHint(hint("plan", { note: "what it does to a database" }), caller),
        "scripts/test   # tests every file in migrations/: resume, undo and the rest",
      ],
    };
  }
  throw new MigrateError("USAGE", "this is an installed package: its own migrations are written in a source checkout", {
    where: folder,
    done: "nothing was written",
    next: [
      // Not a hint: it means the program of the checkout, not this one.
      "scripts/ispyb-migrate create NAME   # in a checkout of ispyb-migrate",
      hint("create", { args: ["NAME"], options: { in: "DIR" }, note: "a migration of your own, in a folder of yours" }),
    ],
  });
}

/** A folder of the facility; it is made if it does not exist, so that no other user may write it. */
async function facility(folder: string): Promise<Place> {
  await mkdir(folder, { recursive: true, mode: 0o755 }).catch((cause: unknown) => {
    throw unwritable(folder, folder, cause);
  });
  const trying = hint("plan", { options: { migrations: `NAME=${folder}` }, note: "what it does to a database" });
  return {
    folder,
    // The example has no types: where Node takes only JavaScript, it is JavaScript.
    extension: loadsTypes() ? "ts" : "js",
    imports: OWN_NAME,
    next: (caller) => [formatHint(trying, caller)],
  };
}

/** Never overwrites a file. */
async function writeNew(file: string, folder: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx", mode: 0o644 });
  } catch (cause) {
    throw unwritable(file, folder, cause);
  }
}

function unwritable(where: string, folder: string, cause: unknown): MigrateError {
  return new MigrateError("USAGE", "the new migration cannot be written", {
    where,
    found: messageOf(cause),
    done: "nothing was written",
    next: `ls -ld ${shellWord(folder)}`,
    cause,
  });
}
