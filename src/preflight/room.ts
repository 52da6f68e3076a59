/**
 * Room for the tables and keys that a run builds. A disk that becomes full stops every writer of the server, so a run for
 * which there is surely no room is refused, and one for which there may be too little is warned of.
 */
import { formatBytes } from "../bytes.ts";
import { type Folder, readFolders } from "../catalog/folders.ts";
import type { Db } from "../db/db.ts";
import { MigrateError } from "../errors.ts";
import { withNote } from "../hint.ts";
import { type Build, buildsOf } from "../plan/builds.ts";
import { id } from "../sql.ts";
import { formatStepRef } from "../steps/step-ref.ts";
import type { Plan } from "../plan/read-plan.ts";
import type { Subject } from "./check.ts";

/** Throws CONFLICT if a folder of the server has less than half of the room that a step needs. */
export async function assertRoom(db: Db, { plan, retry }: Subject): Promise<void> {
  const [worst] = await readLacks(db, plan, 1 / 2);
  if (worst === undefined) return;
  const { build, folder, bytes } = worst;
  throw new MigrateError("CONFLICT", `the server has no room to change ${build.table}`, {
    where: formatStepRef(build.ref),
    found: `${formatBytes(folder.free ?? 0)} free in ${folder.path} (${folder.variable})`,
    wanted: `about ${formatBytes(bytes)}: ${build.rebuilds ? "the server writes the table anew beside the old one" : "the size of the new key"}`,
    done: "nothing was changed",
    next: [
      `make room in ${folder.path} on the server`,
      `ANALYZE TABLE ${id(build.table)};   -- if the server's estimate of the table's size is wrong`,
      withNote(retry, "afterwards"),
    ],
  });
}

/** What the largest builds need, and where there may be too little; undefined if every folder has twice that. */
export async function noteOnRoom(db: Db, plan: Plan): Promise<string | undefined> {
  const lacks = await readLacks(db, plan, 2);
  if (lacks.length === 0) return undefined;
  const sentences = lacks.map(
    ({ build, folder, bytes }) =>
      `to change ${build.table}, the server needs about ${formatBytes(bytes)} in ${folder.path} (${folder.variable}), where ` +
      (folder.free === undefined ? "the free room cannot be seen from here" : `${formatBytes(folder.free)} are free`),
  );
  return sentences.join("; ");
}

// --- internal ---

interface Lack {
  readonly build: Build;
  readonly folder: Folder;
  readonly bytes: number;
}

/** Below this, room that cannot be seen is not worth a word. */
const WORTH_SAYING = 1_000_000_000;

/** The largest need of each folder, where it has less than `times` of it. Unseen room counts as little for a warning only. */
async function readLacks(db: Db, plan: Plan, times: number): Promise<Lack[]> {
  const builds = buildsOf(plan);
  if (builds.length === 0) return [];
  const { data, temporary } = await readFolders(db);
  const needs: [Folder, (build: Build) => number][] = [
    [data, ({ dataBytes }) => dataBytes],
    [temporary, ({ temporaryBytes }) => temporaryBytes],
  ];
  return needs.flatMap(([folder, bytesOf]) => {
    const [build] = builds.toSorted((a, b) => bytesOf(b) - bytesOf(a));
    if (build === undefined) return [];
    const bytes = bytesOf(build);
    const isLittle = folder.free === undefined ? times > 1 && bytes > WORTH_SAYING : folder.free < bytes * times;
    return isLittle ? [{ build, folder, bytes }] : [];
  });
}
