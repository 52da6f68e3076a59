import { expect, test } from "vitest";
import { type TestDatabase, freshDatabase, onEveryServer } from "../support/servers.ts";
import { Home, runCli } from "./run-cli.ts";

const secret = "geheim-17";

function urlOf({ host, port, database }: TestDatabase, user = "root", name = database): string {
  return `mysql://${user}@${host}:${port}/${name}`;
}

/** The text with the server's changing place taken out. */
function steady(text: string, { host, port }: TestDatabase): string {
  return text
    .replaceAll(`--host=${host} --port=${port}`, "--host=HOST --port=PORT")
    .replaceAll(`${host}:${port}`, "HOST:PORT");
}

onEveryServer("the command line on a server", (lane) => {
  test("takes the password from the environment, MYSQL_PWD or the option file", async () => {
    await using server = await freshDatabase(lane, "official");
    using home = new Home();
    home.optionFile(
      `[client]\nuser=root\npassword="${server.password}"\nhost=${server.host}\nport=${server.port}\n[ispyb-migrate]\ndatabase=${server.database}\n`,
    );
    const withPassword = urlOf(server).replace("root@", `root:${encodeURIComponent(server.password)}@`);
    const ways: [string[], Record<string, string>][] = [
      [[], { HOME: home.path }],
      [["--url", urlOf(server)], { MYSQL_PWD: server.password }],
      [[], { ISPYB_MIGRATE_URL: withPassword }],
    ];
    for (const [args, environment] of ways) {
      const { exit, stdout, stderr } = await runCli(["status", ...args, "--json"], environment);
      expect([exit, stderr]).toEqual([1, ""]);
      expect(JSON.parse(stdout)).toMatchObject({ schema: 1, command: "status", ok: true });
      expect(stdout).not.toContain(server.password);
    }
  });

  test("a wrong password", async () => {
    await using server = await freshDatabase(lane, "empty");
    await server.query(`CREATE USER migrator IDENTIFIED BY '${secret}'`);
    const { exit, stdout, stderr } = await runCli(["status", "--url", urlOf(server, "migrator")], {
      MYSQL_PWD: "geheim-18",
    });
    expect([exit, stdout]).toEqual([78, ""]);
    expect(steady(stderr, server).replace(/'migrator'@'[^']*'/, "'migrator'@'CLIENT'")).toMatchInlineSnapshot(`
      "error ACCESS_DENIED: the server rejected this account or password
        where   migrator@HOST:PORT/empty
        found   Access denied for user 'migrator'@'CLIENT' (using password: YES)
        done    nothing was changed
        next    try the same with the stock client: mysql --host=HOST --port=PORT --protocol=tcp --user=migrator --password --execute='SELECT CURRENT_USER()' empty
                if the account requires a client certificate (REQUIRE X509), add --ssl-cert=FILE --ssl-key=FILE
      "
    `);
    expect(stderr).not.toContain("geheim");
  });

  test("a password is needed, and there is no terminal to ask", async () => {
    await using server = await freshDatabase(lane, "empty");
    await server.query(`CREATE USER migrator IDENTIFIED BY '${secret}'`);
    const { exit, stdout, stderr } = await runCli(["status", "--url", urlOf(server, "migrator")]);
    expect([exit, stdout]).toEqual([78, ""]);
    expect(stderr).toContain(
      "  next    give the password in ~/.my.cnf ([client] password=…), in MYSQL_PWD, or at the prompt in a terminal\n",
    );
  });

  test("an unknown database", async () => {
    await using server = await freshDatabase(lane, "empty");
    const { exit, stdout, stderr } = await runCli(["status", "--url", urlOf(server, "root", "nowhere")], {
      MYSQL_PWD: server.password,
    });
    expect([exit, stdout]).toEqual([78, ""]);
    expect(steady(stderr, server)).toMatchInlineSnapshot(`
      "error UNKNOWN_DATABASE: database nowhere does not exist on this server
        where   root@HOST:PORT/nowhere
        found   Unknown database 'nowhere'
        done    nothing was changed
        next    list the databases that this account sees: mysql --host=HOST --port=PORT --protocol=tcp --user=root --password --execute='SHOW DATABASES'
                then give the right name: --database NAME, or --url mysql://USER@HOST:PORT/NAME
      "
    `);
  });

  test("a question without a terminal and without --yes changes nothing", async () => {
    await using server = await freshDatabase(lane, "official");
    const before = await server.query("SHOW TABLES");
    const { exit, stdout, stderr } = await runCli(["up", "--url", urlOf(server)], { MYSQL_PWD: server.password });
    expect([exit, stdout]).toEqual([64, ""]);
    expect(stderr).toMatch(/^error NO_TERMINAL: [^]*^ {2}next {4}add --yes to answer in advance\n$/m);
    expect(await server.query("SHOW TABLES")).toEqual(before);
  });

  test("--verbose prints each statement, without the password", async () => {
    await using server = await freshDatabase(lane, "official");
    const { stdout, stderr } = await runCli(["status", "--url", urlOf(server), "--verbose"], {
      MYSQL_PWD: server.password,
    });
    expect(stderr).toMatch(/^\[main \d+\] SELECT .* \(\d+ ms\)$/m);
    expect(stdout + stderr).not.toContain(server.password);
  });
});
