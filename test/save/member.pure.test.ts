import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { copyMember, verifyMember, writeMember } from "../../src/save/gzip-member.ts";
import { temporaryFolder } from "../support/folder.ts";

const rows = (count: number) => Array.from({ length: count }, (_, at) => `(${at}, 'x')`);

test("the content on the disk must equal what was written", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "rows.gz");
  await using file = await open(path, "wx+");
  const first = await writeMember(file, 0, ["INSERT INTO `t` VALUES\n", `${rows(3).join(",\n")};\n`]);
  // Longer than one decompressed piece, so that lines are cut anywhere.
  const second = await writeMember(file, first.end, [`${rows(200_000).join(",\n")};\nUPDATE \`t\` SET a = '\n`, "(\n"]);
  const third = await copyMember(file, file, second.end, first);
  expect(gunzipSync(await readFile(path)).toString()).toMatch(/^INSERT[^]*UPDATE[^]*INSERT[^]*'x'\);\n$/);
  await verifyMember(path, first, 3);
  await verifyMember(path, second, 200_002);
  await verifyMember(path, third, 3);
  await expect(verifyMember(path, first, 4)).rejects.toThrow("the file contains 3 of 4 rows");
  await expect(verifyMember(path, { ...second, digest: first.digest }, 200_002)).rejects.toThrow(
    "the file's content differs from what was written",
  );
  await expect(verifyMember(path, { ...first, end: first.end - 1 }, 3)).rejects.toThrow("unexpected end of file");

  const content = await readFile(path);
  const middle = (second.start + second.end) >> 1;
  content[middle] = (content[middle] ?? 0) ^ 1;
  await writeFile(path, content);
  await verifyMember(path, first, 3);
  await expect(verifyMember(path, second, 200_002)).rejects.toThrow();
});
