/**
 * The form of the workflow files that our recipes use. It is our own small description and no published schema: it
 * knows the keys that the recipes need and refuses every other one.
 */
import { z } from "zod";

const words = z.record(z.string(), z.union([z.string(), z.number()]));
const line = z.string().regex(/\S/);

const step = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z_][\w-]*$/)
      .optional(),
    if: line.optional(),
    uses: z
      .string()
      .regex(/^[\w-]+\/[\w-]+@v\d+$/)
      .optional(),
    with: words.optional(),
    env: words.optional(),
    run: line.optional(),
  })
  .refine(({ run, uses }) => (run === undefined) !== (uses === undefined), "a step has either run or uses")
  .refine((each) => each.with === undefined || each.uses !== undefined, "only a step with uses has with")
  .refine(
    ({ uses, with: given }) => !uses?.startsWith("actions/cache@") || (given?.["path"] && given["key"]),
    "actions/cache needs path and key",
  );

/** A container that runs beside the job; its ports are HOST:CONTAINER. */
const service = z.strictObject({
  image: z.string().regex(/^[\w./-]+:[\w.-]+$/),
  env: words.optional(),
  ports: z.array(z.string().regex(/^\d+:\d+$/)).optional(),
  options: line.optional(),
});

export type Service = z.infer<typeof service>;

const identifier = z.string().regex(/^[A-Za-z_][\w-]*$/);

const job = z
  .strictObject({ "runs-on": line, services: z.record(identifier, service).optional(), steps: z.array(step).min(1) })
  .refine(({ steps }) => unknownSteps(steps).length === 0, "an expression names a step that is not before it");

/** A workflow of GitHub Actions. */
export const githubWorkflow = z.strictObject({
  name: line,
  on: z.array(z.enum(["push", "pull_request"])).min(1),
  jobs: z.record(identifier, job),
});

const commands = z.array(line).min(1);

/** The file .gitlab-ci.yml. Its jobs have any name but that of a global keyword. */
export const gitlabFile = z.record(
  z.string().refine((name) => !["default", "include", "stages", "variables", "workflow"].includes(name)),
  z.strictObject({
    image: line,
    cache: z.strictObject({
      key: z.strictObject({ files: z.array(line).min(1).max(2) }),
      paths: z.array(line).min(1),
    }),
    before_script: commands.optional(),
    script: commands,
  }),
);

/** The ids in `steps.ID.…` that no earlier step of the job has. */
function unknownSteps(steps: readonly z.infer<typeof step>[]): string[] {
  return steps.flatMap((each, at) => {
    const earlier = new Set(steps.slice(0, at).map(({ id }) => id));
    const named = JSON.stringify(each).matchAll(/\bsteps\.(?<id>[\w-]+)/g);
    return [...named].map(({ groups }) => groups?.["id"] ?? "").filter((id) => !earlier.has(id));
  });
}
