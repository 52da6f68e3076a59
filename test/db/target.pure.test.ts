import { userInfo } from "node:os";
import { describe, expect, test } from "vitest";
import type { Target } from "../../src/db/db.ts";
import { resolveTarget } from "../../src/db/target.ts";
import { MigrateError } from "../../src/errors.ts";
import type { Layer } from "../../src/option-layers.ts";
import { Problems } from "../../src/problems.ts";

type Values = Readonly<Record<string, string>>;

/** Layers of flags, environment and option file, as the command line builds them. */
function layers(flags: Values, environment: Values = {}, file: Values = {}): Layer[] {
  const layer = (values: Values, from: (name: string) => string): Layer =>
    new Map(Object.entries(values).map(([name, value]) => [name, { value, from: from(name) }]));
  return [
    layer(flags, (name) => `--${name}`),
    layer(environment, (name) => `ISPYB_MIGRATE_${name.toUpperCase()}`),
    layer(file, () => "my.cnf:1"),
  ];
}

function resolved(...values: Parameters<typeof layers>): Target {
  const problems = new Problems();
  const target = resolveTarget(layers(...values), problems, {});
  problems.throwAny();
  return target ?? expect.fail("no target and no problem");
}

function refused(...values: Parameters<typeof layers>): MigrateError {
  try {
    resolved(...values);
  } catch (error) {
    if (error instanceof MigrateError) return error;
    throw error;
  }
  return expect.fail("it was resolved");
}

const tls = { mode: "preferred" };

describe("the target of several options", () => {
  test.each<[string, Parameters<typeof layers>, Partial<Target>]>([
    [
      "a whole URL",
      [{ url: "mysql://me@db1:3307/ispyb" }],
      { host: "db1", port: 3307, user: "me", database: "ispyb", tls: { mode: "preferred" } },
    ],
    [
      "mariadb:// and the usual port",
      [{ url: "mariadb://me@db1/ispyb" }],
      { host: "db1", port: 3306, user: "me", database: "ispyb" },
    ],
    ["an address of version 6", [{ url: "mysql://me@[::1]:3307/ispyb" }], { host: "::1", port: 3307 }],
    ["percent-encoded names", [{ url: "mysql://m%40e@db1/is%20pyb" }], { user: "m@e", database: "is pyb" }],
    ["localhost in a URL is a host", [{ url: "mysql://me@localhost/ispyb" }], { host: "localhost", port: 3306 }],
    ["the database beside the URL", [{ url: "mysql://me@db1", database: "ispyb" }], { database: "ispyb" }],
    ["the same database twice", [{ url: "mysql://me@db1/ispyb", database: "ispyb" }], { database: "ispyb" }],
    ["the account of the operating system", [{ url: "mysql://db1/ispyb" }], { user: userInfo().username }],
    ["a socket", [{ socket: "/s", database: "ispyb" }], { socket: "/s", user: userInfo().username }],
    [
      "all of the option file",
      [{}, {}, { host: "db1", port: "3307", user: "me", password: "p", database: "ispyb" }],
      { host: "db1", port: 3307, user: "me", password: "p", database: "ispyb" },
    ],
    [
      "localhost in the option file is the socket",
      [{}, {}, { host: "localhost", socket: "/s", database: "ispyb" }],
      { socket: "/s" },
    ],
    [
      "unless the file requires TCP",
      [{}, {}, { host: "localhost", socket: "/s", protocol: "tcp", database: "ispyb" }],
      { host: "localhost" },
    ],
    [
      "a host in the option file wins over its socket",
      [{}, {}, { host: "db1", socket: "/s", database: "ispyb" }],
      { host: "db1" },
    ],
    [
      "a socket flag wins over the URL of the environment",
      [{ socket: "/s" }, { url: "mysql://me:p@db1/ispyb" }],
      { socket: "/s", user: "me", password: "p", database: "ispyb" },
    ],
    [
      "a URL flag wins over the socket of the option file",
      [{ url: "mysql://me@db1/ispyb" }, {}, { socket: "/s", password: "p" }],
      { host: "db1", user: "me", password: "p" },
    ],
    [
      "a database flag wins over the URL of the environment",
      [{ database: "other" }, { url: "mysql://me@db1/ispyb" }],
      { host: "db1", database: "other" },
    ],
    [
      "the environment's password wins over the file's",
      [{ url: "mysql://me@db1/ispyb" }, { password: "e" }, { password: "f" }],
      { password: "e" },
    ],
    [
      "a given authority verifies the certificate",
      [{ url: "mysql://me@db1/ispyb", "ssl-ca": "/ca" }],
      { tls: { mode: "verify-ca", ca: "/ca" } },
    ],
    [
      "MySQL's spelling of a mode",
      [{ url: "mysql://me@db1/ispyb", "ssl-mode": "VERIFY_IDENTITY", "ssl-ca": "/ca" }],
      { tls: { mode: "verify-identity", ca: "/ca" } },
    ],
  ])("%s", (_what, values, expected) => {
    expect(resolved(...values)).toMatchObject(expected);
  });

  test("a host of a stronger layer replaces the socket of a weaker one", () => {
    expect(resolved({ url: "mysql://me@db1/ispyb" }, {}, { socket: "/s" })).toEqual({
      host: "db1",
      port: 3306,
      user: "me",
      database: "ispyb",
      tls,
    });
  });

  test("without a password, the target has none", () => {
    expect(resolved({ url: "mysql://me@db1/ispyb" })).not.toHaveProperty("password");
  });
});

describe("contradictory or invalid options", () => {
  test.each<[string, Parameters<typeof layers>, string, string]>([
    ["two servers", [{ url: "mysql://me@db1/ispyb", socket: "/s" }], "USAGE", "--url and --socket both name a server"],
    [
      "two databases",
      [{ url: "mysql://me@db1/ispyb", database: "other" }],
      "USAGE",
      "--url and --database name different databases",
    ],
    ["no database", [{ url: "mysql://me@db1" }], "USAGE", "no database was given"],
    [
      "a blank behind the database",
      [{ url: "mysql://me@db1/ispyb%20" }],
      "USAGE",
      "--url: the name of the database ends in a blank or a line end",
    ],
    [
      "a line end of Windows behind the database",
      [{ url: "mysql://me@db1" }, { database: "ispyb\r" }],
      "CONFIGURATION",
      "ISPYB_MIGRATE_DATABASE: the name of the database ends in a blank or a line end",
    ],
    [
      "a line end of Windows behind the user",
      [{ database: "ispyb" }, {}, { host: "db1", user: "me\r" }],
      "CONFIGURATION",
      "my.cnf:1: the name of the user ends in a blank or a line end",
    ],
    [
      "no URL",
      [{ url: "db1" }],
      "USAGE",
      "this is not a valid URL; special characters in a user or password must be percent-encoded",
    ],
    ["another kind of URL", [{ url: "https://db1/ispyb" }], "USAGE", "the URL must begin with mysql:// or mariadb://"],
    [
      "an invalid port",
      [{ url: "mysql://me@db1:99999/ispyb" }],
      "USAGE",
      "this is not a valid URL; special characters in a user or password must be percent-encoded",
    ],
    [
      "an invalid port in the file",
      [{}, {}, { host: "db1", port: "x", database: "ispyb" }],
      "CONFIGURATION",
      "my.cnf:1: invalid port",
    ],
    [
      "options in the URL",
      [{ url: "mysql://me@db1/ispyb?ssl=1" }],
      "USAGE",
      "the URL has parameters after the database; use options such as --ssl-mode",
    ],
    [
      "two names in the URL",
      [{ url: "mysql://me@db1/ispyb/x" }],
      "USAGE",
      "the URL has more than a database name after the host",
    ],
    [
      "a broken escape",
      [{ url: "mysql://m%ze@db1/ispyb" }],
      "USAGE",
      "the URL contains a % without two hexadecimal digits after it",
    ],
    [
      "a URL in the environment",
      [{}, { url: "db1" }],
      "CONFIGURATION",
      "this is not a valid URL; special characters in a user or password must be percent-encoded",
    ],
    [
      "an unknown TLS mode",
      [{ url: "mysql://me@db1/ispyb", "ssl-mode": "some" }],
      "USAGE",
      "--ssl-mode: invalid TLS mode",
    ],
    [
      "verifying without an authority",
      [{ url: "mysql://me@db1/ispyb", "ssl-mode": "verify-ca" }],
      "USAGE",
      "--ssl-mode=verify-ca requires the certificate of the authority that signed the server's certificate",
    ],
    [
      "a certificate without its key",
      [{ url: "mysql://me@db1/ispyb", "ssl-cert": "/c" }],
      "USAGE",
      "--ssl-cert and --ssl-key must be given together",
    ],
  ])("%s", (_what, values, code, message) => {
    expect(refused(...values)).toMatchObject({ code, message });
  });

  test("everything is reported together", () => {
    const error = refused({ url: "mysql://me@db1", socket: "/s", "ssl-mode": "some" });
    expect(error.details.found).toEqual([
      "1. --ssl-mode: invalid TLS mode; wanted: one of disabled, preferred, required, verify-ca, verify-identity",
      "2. --url and --socket both name a server",
      "3. no database was given",
    ]);
  });
});

describe("a password in --url", () => {
  test.each([
    "mysql://me:geheim@db1/ispyb",
    "mysql://me:ge/heim@db1/ispyb",
    "mysql://me:ge@heim@db1:3306/ispyb",
    "mysql://me:geheim@[db1/ispyb",
  ])("is refused and never repeated", (url) => {
    const error = refused({ url });
    expect(error.code).toBe("PASSWORD_IN_URL");
    expect(JSON.stringify([error.message, error.details])).not.toMatch(/geheim|heim/);
    expect(error.details.next).toHaveLength(3);
  });

  test("is allowed in the environment and in the option file", () => {
    const url = "mysql://me:geheim@db1/ispyb";
    expect(resolved({}, { url }).password).toBe("geheim");
    expect(resolved({}, {}, { url }).password).toBe("geheim");
  });

  test("is not repeated for an invalid URL in the environment", () => {
    expect(JSON.stringify(refused({}, { url: "mysql://me:ge/heim@db1/ispyb" }).details)).not.toContain("heim");
  });
});
