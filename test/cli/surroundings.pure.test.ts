import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { runInProcess, startInProcess } from "../support/in-process.ts";
import { guardProcess, misleading } from "./guarded-process.ts";

guardProcess();

const isColoured = (text: string) => stripVTControlCharacters(text) !== text;

const run = (args: readonly string[], options: Parameters<typeof runInProcess>[1] = {}) =>
  runInProcess(args, { cwd: misleading.path, ...options });

describe("the command line reads nothing from its process", () => {
  test("results, help and failures go to the streams that were given", async () => {
    const [completion, help, version, wrong] = await Promise.all([
      run(["completion", "bash"]),
      run(["--help"]),
      run(["--version"]),
      run(["stauts"]),
    ]);
    expect(completion).toMatchObject({ exit: 0, stderr: "" });
    expect(completion.stdout).toContain("complete -F");
    expect(help.stdout).toMatch(/^Usage: ispyb-migrate COMMAND/);
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(wrong).toMatchObject({ exit: 64, stdout: "" });
    expect(wrong.stderr).toMatch(/^error USAGE: unknown command 'stauts'\n/);
  });

  test("two at once, each with its environment, one in JSON", async () => {
    const [text, json] = await Promise.all([
      run(["completion", "fish"]),
      run(["completion", "fish"], { env: { ISPYB_MIGRATE_JSON: "yes" } }),
    ]);
    expect(JSON.parse(json.stdout)).toMatchObject({ command: "completion", script: text.stdout });
  });

  test("colours are those of the terminal and environment that were given", async () => {
    const tty = { columns: 120 };
    const TERM = "xterm-256color";
    const [pipe, terminal, plain, forced] = await Promise.all([
      run(["stauts"]),
      run(["stauts"], { tty, env: { TERM } }),
      run(["stauts"], { tty, env: { TERM, NO_COLOR: "1" } }),
      run(["stauts"], { env: { FORCE_COLOR: "1" } }),
    ]);
    expect([pipe, terminal, plain, forced].map(({ stderr }) => isColoured(stderr))).toEqual([false, true, false, true]);
  });

  test("help is as wide as the terminal that was given", async () => {
    const widths = [100, 140].map(async (columns) => {
      const { stdout } = await run(["up", "--help"], { tty: { columns } });
      const described = stdout.split("\n").filter((line) => line.startsWith("  -"));
      return Math.max(...described.map((line) => line.length));
    });
    const [narrow = 0, wide = 0] = await Promise.all(widths);
    expect(narrow).toBeLessThanOrEqual(100);
    expect(wide).toBeGreaterThan(100);
    expect(wide).toBeLessThanOrEqual(140);
  });

  test("option files are found from the home and the folder that were given", async () => {
    await using home = await temporaryFolder();
    await using folder = await temporaryFolder();
    await writeFile(join(home.path, ".my.cnf"), "[client]\nport=home\n", { mode: 0o600 });
    await writeFile(join(folder.path, "mine.cnf"), "[client]\nport=mine\n", { mode: 0o600 });
    const [usual, named] = await Promise.all([
      run(["status", "--database", "ispyb"], { env: { HOME: home.path } }),
      run(["status", "--database", "ispyb", "--defaults-file", "mine.cnf"], { cwd: folder.path }),
    ]);
    expect(usual.stderr).toContain(`${join(home.path, ".my.cnf")}:2: invalid port`);
    expect(named.stderr).toContain(`${join(folder.path, "mine.cnf")}:2: invalid port`);
  });

  test("the suffix of groups comes from its flag, else from the stock client's variable", async () => {
    await using home = await temporaryFolder();
    await writeFile(join(home.path, ".my.cnf"), "[client_a]\nport=a\n[client_b]\nport=b\n", { mode: 0o600 });
    const env = { HOME: home.path, MYSQL_GROUP_SUFFIX: "_b" };
    const [flag, variable] = await Promise.all([
      run(["status", "--database", "ispyb", "--defaults-group-suffix", "_a"], { env }),
      run(["status", "--database", "ispyb"], { env }),
    ]);
    expect(flag.stderr).toContain(".my.cnf:2: invalid port");
    expect(variable.stderr).toContain(".my.cnf:4: invalid port");
  });

  test("a password that every user may read is warned of, with --quiet and --json as well", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "mine.cnf"), "[client]\npassword=Open-1\n", { mode: 0o644 });
    const place = ["status", "--url", "mysql://me@127.0.0.1:1/ispyb", "--defaults-file", "mine.cnf"];
    for (const more of [[], ["--quiet"], ["--json"]]) {
      const { stdout, stderr } = await run([...place, ...more], { cwd: folder.path });
      expect(stderr).toContain(`${join(folder.path, "mine.cnf")} contains a password, and every user may read it`);
      expect(stdout + stderr).not.toContain("Open-1");
    }
  });

  test("certificates and sockets are those of the folder that was given", async () => {
    const url = ["status", "--url", "mysql://me@127.0.0.1:1/ispyb"];
    const [ca, cert, socket] = await Promise.all([
      run([...url, "--ssl-ca", "ca.pem"]),
      run([...url, "--ssl-cert", "tls/cert.pem", "--ssl-key", "tls/key.pem"]),
      run(["status", "--database", "ispyb", "--socket", "my.sock"]),
    ]);
    expect(ca.stderr).toContain(join(misleading.path, "ca.pem"));
    expect(cert.stderr).toContain(join(misleading.path, "tls/cert.pem"));
    expect(socket.stderr).toContain(join(misleading.path, "my.sock"));
  });

  test("a signal stops only the command that gets it", async () => {
    await using silent = await silentServer();
    const started = [0, 1].map(() =>
      startInProcess(["status", "--url", silent.url, "--json"], { cwd: misleading.path }),
    );
    const [first, second] = started;
    if (first === undefined || second === undefined) return expect.fail("two were started");
    await silent.connected(2);
    first.signal("SIGTERM");
    expect(await first.ended).toMatchObject({ exit: 130 });
    const other = second.ended.then(() => "ended");
    expect(await Promise.race([other, Promise.resolve("running")])).toBe("running");
    second.signal("SIGINT");
    const { exit, stdout } = await second.ended;
    expect([exit, JSON.parse(stdout).error.message]).toEqual([130, "stopped by SIGINT"]);
  });
});

// --- internal ---

/** Takes connections and never says a word. */
async function silentServer() {
  const server = createServer();
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `mysql://me@127.0.0.1:${port}/ispyb`,
    async connected(count: number) {
      while (sockets.size < count) await once(server, "connection");
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
