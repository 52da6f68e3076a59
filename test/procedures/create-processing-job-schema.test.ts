/** What the published schema accepts is what the procedure accepts, but for what only the database knows. */
import { readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chance, limit, tries } from "../support/proof.ts";
import { onEveryServer } from "../support/servers.ts";
import { refusalOf } from "./create-job.ts";
import { withProcedures } from "./with-procedures.ts";

const schema = new URL("../../migrations/procedures/create_processing_job.schema.json", import.meta.url);
const accepts = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(await readFile(schema, "utf8")) as object);

/** What is wrong in nearly every place; undefined leaves the member out. No id that could exist and does not. */
const strange = fc.constantFrom<unknown>(undefined, null, 0, -1, 1.5, 1e300, 2 ** 32, true, "", "1", [], [1], {});
const mostly = (right: fc.Arbitrary<unknown>, weight = 40) =>
  fc.oneof({ weight, arbitrary: right }, { weight: 1, arbitrary: strange });

const id = mostly(fc.integer({ min: 1, max: 6 }));
const text = (most: number) => mostly(fc.constantFrom(undefined, "", "null", 'a,"\\}', "é".repeat(most)));
const tooLong = (most: number) => fc.oneof({ weight: 40, arbitrary: text(most) }, fc.constant("é".repeat(most + 1)));
const pattern = (...right: string[]) =>
  mostly(
    fc.constantFrom(
      ...right.flatMap((each) => Array.from({ length: 9 }, () => each)),
      ...right.map((each) => `${each} `),
    ),
  );

/** Sometimes with a member too many, were it only a null. */
const object = (members: Record<string, fc.Arbitrary<unknown>>) =>
  mostly(
    fc.tuple(fc.record(members), mostly(fc.constant(undefined))).map(([known, unknown]) => ({ ...known, unknown })),
  );
const some = (element: fc.Arbitrary<unknown>) => mostly(fc.array(element, { maxLength: 3 }));

const jobs = object({
  dataCollectionId: mostly(fc.constantFrom(undefined, 1, 6)),
  displayName: tooLong(80),
  comments: tooLong(255),
  recipe: tooLong(50),
  automatic: mostly(fc.boolean()),
  parameters: some(
    object({
      key: mostly(fc.constantFrom("d_min", "k".repeat(80), "unit_cell")),
      value: mostly(fc.constantFrom("1.8", 1.8, 1e300, false, null, "v".repeat(1024))),
    }),
  ),
  sweeps: some(
    object({
      dataCollectionId: id,
      startImage: mostly(fc.constant(1)),
      endImage: mostly(fc.constantFrom(1, 2 ** 24 - 1)),
    }),
  ),
  program: object({
    programs: tooLong(255),
    commandLine: tooLong(255),
    environment: tooLong(255),
    message: tooLong(255),
    startTime: pattern("2026-01-31T18:30:59", "1999-12-31 00:00:00"),
    jobUuid: pattern("0f1e2d3c-4b5a-6978-8796-A5B4C3D2E1F0"),
    processingPipelineId: id,
    parentAutoProcProgramId: id,
  }),
});

onEveryServer("create_processing_job.schema.json", (lane) => {
  test("agrees with the procedure on jobs, right and wrong", limit(240), async () => {
    await using db = await withProcedures(lane);
    const connection = await db.connection();
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(jobs, async (made) => {
        const job: unknown = JSON.parse(JSON.stringify(made ?? null));
        const errors = accepts(job) ? [] : (accepts.errors ?? []);
        const refusal = await refusalOf(connection, job);
        seen[refusal === undefined ? "accepted" : "refused"]++;
        expect({ job, refusal, errors, agreed: (refusal === undefined) === (errors.length === 0) }).toMatchObject({
          agreed: true,
        });
        // Whatever is wrong is found by the procedure, never by the server.
        expect(refusal?.code ?? 1644).toBe(1644);
      }),
      chance(5_000),
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(tries(5_000) / 10);
  });
});
