import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { optionFileLayer, readOptionFile } from "../../src/db/option-file.ts";
import { MigrateError } from "../../src/errors.ts";

const folder = mkdtempSync(join(tmpdir(), "ispyb-migrate-options-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(text: string, name = `${(files += 1)}.cnf`): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

function values(path: string): Record<string, string | true> {
  return Object.fromEntries([...readOptionFile(path)].map(([name, { value }]) => [name, value]));
}

function refusal(path: string): string {
  try {
    readOptionFile(path);
  } catch (error) {
    if (!(error instanceof MigrateError)) throw error;
    expect(error.code).toBe("CONFIGURATION");
    return `${error.details.where?.replace(folder, "")}: ${error.message}`;
  }
  return expect.fail("it was read");
}

describe("a line means what it means to the stock client", () => {
  test.each<[string, string, Record<string, string | true>]>([
    ["a value", "user=me", { user: "me" }],
    ["blanks around name and value", "  user  =  me  ", { user: "me" }],
    ["underscores and dashes are equal", "ssl_mode=REQUIRED", { "ssl-mode": "REQUIRED" }],
    ["double quotes", 'password="a b"', { password: "a b" }],
    ["single quotes", "password='a \"b'", { password: 'a "b' }],
    ["a quote at one end only is a character", "password='ab", { password: "'ab" }],
    ["escapes", String.raw`password=a\tb\sc\\d\n`, { password: "a\tb c\\d\n" }],
    ["an unknown escape keeps its backslash", String.raw`password=a\qb`, { password: String.raw`a\qb` }],
    ["a comment after the value", "password=abc # mine", { password: "abc" }],
    ["a # in the middle of a word begins a comment", "password=ab#cd", { password: "ab" }],
    ["a # in quotes is a character", 'password="ab#cd" # mine', { password: "ab#cd" }],
    ["an equals sign in the value", "password=a=b", { password: "a=b" }],
    ["an empty value", "password=", { password: "" }],
    ["a name without a value", "password", { password: true }],
    ["a comment line with #", "# user=me", {}],
    ["a comment line with ;", "; user=me", {}],
    ["an option of other clients", "max_allowed_packet=16M", {}],
    ["MariaDB's switch for verifying", "ssl-verify-server-cert", { "ssl-mode": "verify-identity" }],
    ["MariaDB's switch for no TLS", "skip-ssl", { "ssl-mode": "disabled" }],
    ["a switch for no TLS that is off", "skip-ssl=OFF", {}],
    ["a switch for TLS in words", "ssl=TRUE", { "ssl-mode": "required" }],
    ["a switch against TLS in words", "ssl=no", { "ssl-mode": "disabled" }],
    ["the switch for verifying, in words", "ssl-verify-server-cert=true", { "ssl-mode": "verify-identity" }],
    ["another name under loose", "loose-nonsense=1", {}],
    ["a name that is known, under loose", "loose-password=abc", { password: "abc" }],
    ["a TLS mode under loose", "loose_ssl_mode=REQUIRED", { "ssl-mode": "REQUIRED" }],
    ["an abbreviation", "pass=abc", { password: "abc" }],
    ["the shortest abbreviation", "us=me", { user: "me" }],
    ["an abbreviation of several names", "pa=abc", {}],
    ["a name that only begins like ours", "passing=abc", {}],
    ["capitals in a name", "User=Me", { user: "Me" }],
    ["a switch that is disabled", "disable-ssl", { "ssl-mode": "disabled" }],
    ["a switch that is enabled, under loose", "loose-enable-ssl", { "ssl-mode": "required" }],
    ["the name of the file itself is no option of a file", "defaults-file=other.cnf", {}],
  ])("%s", (_what, line, expected) => {
    expect(values(file(`[client]\n${line}\n`))).toEqual(expected);
  });

  test("CRLF ends a line too", () => {
    expect(values(file("[client]\r\nuser=me\r\nport=3307\r\n"))).toEqual({ user: "me", port: "3307" });
  });
});

describe("groups", () => {
  test("groups client and ispyb-migrate are read, a later line wins, other groups are skipped", () => {
    const text = "[ispyb-migrate]\nuser=first\nyes\n[mysqld]\nuser=mysql\nport=1\n[client]\nuser=second\n";
    expect(values(file(text))).toEqual({ user: "second", yes: true });
  });

  test("the groups of the servers' client libraries are read, in capitals too, and those of other programs are not", () => {
    const text =
      "[CLIENT]\nuser=a\n[client-server]\nhost=b\n[Client-MariaDB]\nport=1\n[mysql]\nuser=no\n[ client ]\nuser=no\n";
    expect(values(file(text))).toEqual({ user: "a", host: "b", port: "1" });
  });

  test("with a suffix, groups with it are read as well", () => {
    const path = file("[client]\nuser=a\nport=1\n[client_test]\nuser=b\n[ispyb-migrate_test]\ndatabase=c\n");
    expect(readOptionFile(path, { suffix: "_TEST" }).get("user")?.value).toBe("b");
    expect(readOptionFile(path, { suffix: "_test" }).get("database")?.value).toBe("c");
    expect(values(path)).toEqual({ user: "a", port: "1" });
  });

  test("a typing error in a group of ours with a suffix", () => {
    const path = file("[ispyb-migrate_test]\ndatabse=x\n");
    expect(() => readOptionFile(path, { suffix: "_test" })).toThrow("unknown option databse in group [ispyb-migrate]");
  });

  test("a setting records its file and line", () => {
    const path = file("[client]\n\nuser=me\n");
    expect(readOptionFile(path).get("user")).toEqual({ value: "me", from: `${path}:3` });
  });
});

describe("includes", () => {
  test("a file, relative to the including one; a later line still wins", () => {
    file("[client]\nuser=included\npassword=secret\n", "included.cnf");
    expect(values(file("[client]\n!include included.cnf\nuser=me\n"))).toEqual({ user: "me", password: "secret" });
  });

  test("a file that does not exist is skipped", () => {
    expect(values(file("[client]\n!include nowhere.cnf\nuser=me\n"))).toEqual({ user: "me" });
  });

  test("a directory: its .cnf files by name", () => {
    mkdirSync(join(folder, "conf.d"));
    file("[client]\nuser=b\n", "conf.d/b.cnf");
    file("[client]\nuser=a\nport=1\n", "conf.d/a.cnf");
    file("[client]\nuser=ignored\n", "conf.d/z.txt");
    expect(values(file("!includedir conf.d\n"))).toEqual({ user: "b", port: "1" });
  });
});

describe("what cannot be used names file and line, and never a value", () => {
  test.each([
    ["an option before the first group", "user=me\n", "this option comes before the first [group]", 1],
    ["an open bracket", "[client\n", "this group has no closing bracket", 1],
    [
      "a typing error in our own group",
      "[ispyb-migrate]\n\ndatabse=x\n",
      "unknown option databse in group [ispyb-migrate]",
      3,
    ],
    [
      "a forgotten equals sign",
      "[ispyb-migrate]\npassword secret\n",
      "unknown option password in group [ispyb-migrate]",
      2,
    ],
    [
      "an unknown directive",
      "!load x\n",
      "this line begins with !, but is not !include FILE or !includedir DIRECTORY",
      1,
    ],
    ["a missing directory", "!includedir nowhere.d\n", "the directory of !includedir cannot be read", 1],
  ])("%s", (what, text, message, line) => {
    const name = `${what.replaceAll(" ", "-")}.cnf`;
    expect(refusal(file(text, name))).toBe(`/${name}:${line}: ${message}`);
  });

  test("a file that includes itself", () => {
    expect(refusal(file("!include loop.cnf\n", "loop.cnf"))).toBe(
      "/loop.cnf:1: option files include each other more than 10 levels deep",
    );
  });

  test("a missing file", () => {
    expect(refusal(join(folder, "nowhere.cnf"))).toBe("/nowhere.cnf: the option file cannot be read");
  });

  test("a file that every user may write", () => {
    const path = file("[client]\nuser=me\n", "open.cnf");
    chmodSync(path, 0o666);
    expect(refusal(path)).toBe("/open.cnf: this option file is writable by every user");
  });
});

describe("a password that every user may read is warned of", () => {
  function warnings(path: string): string[] {
    const lines: string[] = [];
    readOptionFile(path, { warn: (line) => lines.push(line) });
    return lines.map((line) => line.replaceAll(folder, ""));
  }

  test.each<[string, string, number, number]>([
    ["readable by every user", "[client]\npassword=secret\n", 0o644, 1],
    ["abbreviated", "[client]\npass=secret\n", 0o604, 1],
    ["readable by a group alone", "[client]\npassword=secret\n", 0o640, 0],
    ["without a password", "[client]\nuser=me\n", 0o644, 0],
    ["with an empty password", "[client]\npassword=\n", 0o644, 0],
    ["in a group of another program", "[client]\nuser=me\n[mysqldump]\npassword=secret\n", 0o644, 0],
  ])("%s", (what, text, mode, count) => {
    const path = file(text, `${what.replaceAll(" ", "-")}-mode.cnf`);
    chmodSync(path, mode);
    expect(warnings(path)).toHaveLength(count);
    expect(warnings(path).join("")).not.toContain("secret");
  });

  test("the file that holds it is named, and not the one that includes it", () => {
    chmodSync(file("[client]\npassword=secret\n", "held.cnf"), 0o644);
    expect(warnings(file("!include held.cnf\n"))).toEqual([
      "warning: /held.cnf contains a password, and every user may read it: chmod o-r /held.cnf",
    ]);
  });
});

test.each([
  ["by its name", ".mylogin.cnf", "[client]\nuser=me\n"],
  ["by its first bytes", "login-path.cnf", "\0\0\0\0scrambled"],
])("a file of mysql_config_editor is refused with the reason: known %s", (_, name, text) => {
  expect(refusal(file(text, name))).toBe(
    `/${name}: this is a file of mysql_config_editor: it is scrambled, and only MySQL's own clients read it`,
  );
});

test("the default is ~/.my.cnf, which may be missing", () => {
  const home = join(folder, "home");
  mkdirSync(home);
  expect(optionFileLayer(undefined, { HOME: home }).size).toBe(0);
  file("[client]\nuser=me\n", "home/.my.cnf");
  expect(optionFileLayer(undefined, { HOME: home }).get("user")?.value).toBe("me");
});
