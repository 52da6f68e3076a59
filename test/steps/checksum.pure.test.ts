/** What a recorded checksum means never changes: a database that has it would be told that its history was edited. */
import { expect, test } from "vitest";
import { loadMigrations } from "../../src/plan/load-migrations.ts";
import { checksum } from "../../src/steps/checksum.ts";
import { insertRows } from "../../src/steps/define.ts";

/** Of the first migrations, as they were recorded from the beginning on. */
const recorded = {
  "2017_10_16_1_processing_job_tables": "4c1f9433efb9d9760636ef562e70f0d63e409b52c472d485f916702fe09402fc",
  "2017_10_16_2_auto_proc_program_processing_job_id":
    "52514a808498400eff3d2a6938f2b35d74fe20e09bc5dc15d62d8d01675c12a9",
  "2018_11_01_auto_proc_program_message": "c255a8ba100a980d684e3b1bbb8807a5bd7fb6cb875bb90b24042fa10aba0c2b",
  "2026_07_02_job_uuid": "79b9ed7982ae432f3f9e700c2eb62a9782e1b61b47e655839ba00bad9d9ddc28",
};

test("the checksums that databases have recorded still hold", async () => {
  const own = new Map((await loadMigrations()).map((each) => [each.name, each.checksum]));
  for (const [name, digest] of Object.entries(recorded)) expect(own.get(name), name).toBe(`steps-1:${digest}`);
});

test("in lookup rows a column called comment counts", () => {
  const step = (comment: string) => insertRows("T", "id", [{ id: 1, comment }]);
  expect(checksum([step("one")])).not.toBe(checksum([step("another")]));
});
