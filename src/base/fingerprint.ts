import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { MigrateError, messageOf } from "../errors.ts";
import type { Base } from "./base.ts";
import { baseFiles } from "./base-files.ts";

/** A hash of all that these bases load, in order: of the files' content, not of their names and places. */
export async function baseFingerprint(bases: Base | readonly Base[]): Promise<string> {
  const all = createHash("sha256");
  for (const base of typeof bases === "string" ? [bases] : bases) {
    for (const file of (await baseFiles(base)).files) {
      const one = createHash("sha256");
      try {
        for await (const chunk of createReadStream(file.path)) one.update(chunk as Buffer);
      } catch (error) {
        throw new MigrateError("BASE_INVALID", `${file.name} cannot be read`, {
          where: file.name,
          found: messageOf(error),
          next: "give a readable file",
        });
      }
      all.update(one.digest());
    }
  }
  return all.digest("hex");
}
