import { readdir, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { formatHint } from "../../documents/format-hint.ts";
import type { CreateDocument } from "../../documents/local.ts";
import { MigrateError, messageOf } from "../../errors.ts";
import { hint } from "../../hint.ts";
import { ownMigrations } from "../../own-files.ts";
import type { LocalContext } from "../command-context.ts";
import { nameMigration, template } from "../new-migration.ts";

const folder = fileURLToPath(ownMigrations);

export async function run({ args: [word = ""], cwd, out }: LocalContext): Promise<number> {
  assertCheckout();
  const existing = (await readdir(folder)).filter((file) => file.endsWith(".ts")).map((file) => file.slice(0, -3));
  const name = nameMigration(word, new Date(), existing);
  const file = `${folder}${name}.ts`;
  await writeNew(file);
  const next = [
    "replace the example with the real reason and the real steps",
    formatHint(hint("plan", { note: "what it does to a database" }), out.caller),
    "scripts/test   # tests every file in migrations/: resume, undo and the rest",
  ];
  const lines = [
    `${out.paintResult("green", "written")}  ${relative(cwd, file)}`,
    ...next.map((line, at) => `${at === 0 ? "next" : "    "}     ${line}`),
  ];
  out.result({ document: { name, file, next } satisfies CreateDocument, text: lines.join("\n") });
  return 0;
}

/** A package holds built migrations; a file written there would be lost with the next version. */
function assertCheckout(): void {
  if (import.meta.url.endsWith(".ts")) return;
  throw new MigrateError("USAGE", "new migrations are written in a checkout; this is a built package", {
    where: folder,
    done: "nothing was written",
    // Not a hint: it means the program of the checkout, not this one.
    next: "scripts/ispyb-migrate create NAME   # in a checkout of ispyb-migrate",
  });
}

/** Never overwrites a file. */
async function writeNew(file: string): Promise<void> {
  try {
    await writeFile(file, template, { flag: "wx" });
  } catch (cause) {
    throw new MigrateError("USAGE", "the new migration cannot be written", {
      where: file,
      found: messageOf(cause),
      next: `ls -ld ${folder}`,
      cause,
    });
  }
}
