/**
 * The stock client as a program, for scripts that look for one on PATH. Their option file is left out:
 * the account of the test is in the environment.
 */
import { stockClient } from "../support/stock-client.ts";

type Account = Parameters<Exclude<Awaited<ReturnType<typeof stockClient>>, { reason: string }>["run"]>[0];

const client = await stockClient(console.error);
if ("reason" in client) throw new Error(client.reason);
const account = JSON.parse(process.env["ISPYB_TEST_ACCOUNT"] ?? "{}") as Account;
const args = process.argv.slice(2).filter((arg) => !arg.startsWith("--defaults-file="));
const { code, output } = await client.run(account, "", args);
(code === 0 ? process.stdout : process.stderr).write(output);
process.exitCode = code;
