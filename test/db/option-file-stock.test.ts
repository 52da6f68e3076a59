/** The stock client reads an option file, and we read the same out of it. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readOptionFile } from "../../src/db/option-file.ts";
import { run } from "../../src/server/process.ts";
import { temporaryFolder } from "../support/folder.ts";
import { clientProgram } from "../support/stock-client.ts";

const program = await clientProgram(console.warn);

const files: readonly [what: string, text: string, suffix?: string][] = [
  ["groups in capitals", "[CLIENT]\nuser=a\n"],
  ["blanks inside the brackets", "[ client ]\nuser=a\n"],
  ["text behind the brackets", "[client] # mine\nuser=a\n"],
  ["the group of MariaDB's clients", "[client-mariadb]\nuser=a\nport=3307\n"],
  ["the group of clients and servers", "[client-server]\nsocket=/run/here.sock\n"],
  ["groups of other programs", "[mysqldump]\nuser=a\n[mariadb]\nuser=b\n"],
  ["a suffix", "[client_x]\nuser=b\n[client]\nuser=a\nport=1\n", "_x"],
  ["a suffix in capitals", "[client_x]\nuser=b\n", "_X"],
  ["names in capitals", "[client]\nUSER=A\nHost=B\n"],
  ["abbreviations", "[client]\nus=a\nho=b\npo=3\nso=/d\nda=e\nprot=tcp\n"],
  ["longer abbreviations", "[client]\nuse=a\nhos=b\npor=3\nsock=/d\ndatabas=e\nproto=socket\n"],
  ["loose-", "[client]\nloose-user=a\nloose_host=b\nloose-nonsense=c\n"],
  ["CR LF", '[client]\r\nuser=a\r\nhost="b c"\r\n'],
  ["quotes and escapes", '[client]\nuser="a\\"b"\nhost=\'c\ndatabase=d\\se\\\\f\n'],
  ["comments", '# one\n; two\n[client]\nuser=a#b\nhost="c#d" # e\n'],
  ["blanks", "[client]\n  user  =  a b  \n"],
  ["a later line", "[client]\nuser=a\n[client-server]\nuser=b\n[client]\nhost=c\n"],
  ["an included file", "[client]\nuser=a\n!include more.cnf\nhost=b\n"],
  ["an included file that is not there", "!include nowhere.cnf\n[client]\nuser=a\n"],
];

/** What `--help` of the client prints as its value of each option. */
async function stockValues(folder: string, file: string, suffix?: string): Promise<Record<string, string>> {
  if ("reason" in program) throw new Error(program.reason);
  const groups = suffix === undefined ? [] : [`--defaults-group-suffix=${suffix}`];
  const args = [`--defaults-file=${file}`, ...groups, "--help"];
  // A relative !include is looked for in the working folder.
  const { output } = await run(program.file, args, { env: program.env, cwd: folder });
  const lines = output.matchAll(/^(host|port|user|socket|database|protocol) +(\S.*)$/gm);
  const values = [...lines].map(([, name = "", value = ""]) => [name, value.trim()] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== "(No default value)" && value !== "0"));
}

test.skipIf("reason" in program).each(files)("%s", async (_what, text, suffix) => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "mine.cnf");
  await writeFile(join(folder.path, "more.cnf"), "[client]\nport=4000\n");
  await writeFile(path, text);
  await chmod(path, 0o600);
  const ours = [...readOptionFile(path, { suffix })].map(([name, { value }]) => [name, value]);
  expect(Object.fromEntries(ours)).toEqual(await stockValues(folder.path, path, suffix));
});

test.skipIf("reason" in program)("a password, which the client prints only as it is written", async () => {
  if ("reason" in program) return;
  await using folder = await temporaryFolder();
  const path = join(folder.path, "mine.cnf");
  await writeFile(path, '[client]\npassword="a#b\\"c" # d\n', { mode: 0o600 });
  const { output } = await run(program.file, [`--defaults-file=${path}`, "--print-defaults"], { env: program.env });
  expect(output).toContain(`--password=${String(readOptionFile(path).get("password")?.value)} `);
});
