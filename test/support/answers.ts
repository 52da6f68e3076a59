/** Every answer of --json is held against the published schema of its command, in whichever test it is asked for. */
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { type ErrorCode, catalogue } from "../../src/errors.ts";

interface Ended {
  /** Null where a signal ended the process. */
  readonly exit: number | null;
  readonly stdout: string;
}

interface Envelope {
  readonly command: string | null;
  readonly ok: boolean;
  readonly error?: { readonly code: ErrorCode };
}

/** The same, once its answer keeps the contract. Throws where it was asked for JSON and says anything else. */
export function checkedAnswer<E extends Ended>(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ended: E,
): E {
  const { exit, stdout } = ended;
  if (exit === null || !(asksForJson(args, env) || stdout.startsWith('{\n  "schema"'))) return ended;
  const answer = JSON.parse(stdout) as Envelope;
  assertAnswer(answer);
  const exits: readonly number[] = answer.error === undefined ? [0, 1] : exitsOf(answer.error.code);
  if (!exits.includes(exit)) throw new Error(`exit code ${exit} with the answer ${stdout}`);
  return ended;
}

/** Throws where an answer is not what the schema of its command says. */
export function assertAnswer(answer: { readonly command: string | null }): void {
  const { command } = answer;
  const validate = validatorOf(command ?? "failure");
  if (validate(answer)) return;
  const faults = validate.errors?.map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
  throw new Error(`not an answer of ${command}: ${faults?.join("; ")}\n${JSON.stringify(answer)}`);
}

// --- internal ---

/** 2 in place of 4 says that something was changed before. */
function exitsOf(code: ErrorCode): readonly number[] {
  const { exit } = catalogue[code];
  return exit === 4 ? [4, 2] : [exit];
}

function asksForJson(args: readonly string[], env: Readonly<Record<string, string>>): boolean {
  if (["--help", "-h", "--version"].some((flag) => args.includes(flag))) return false;
  return args.includes("--json") || /^(?:1|true|yes|on)$/i.test(env["ISPYB_MIGRATE_JSON"] ?? "");
}

const ajv = new Ajv2020({ allowUnionTypes: true });
const validators = new Map<string, ValidateFunction>();

function validatorOf(name: string): ValidateFunction {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const file = new URL(`../../src/documents/schemas/${name}.schema.json`, import.meta.url);
  const validate = ajv.compile(JSON.parse(readFileSync(file, "utf8")) as object);
  validators.set(name, validate);
  return validate;
}
