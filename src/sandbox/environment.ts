import type { Sandbox } from "./sandbox.ts";

/**
 * The environment of a program that works on a sandbox. The variables of MYSQL_ are those of the stock client, of
 * container images and of ispyb-api's recipes; ISPYB_MIGRATE_URL is for this tool.
 */
export function environmentOf(sandbox: Sandbox): Record<string, string> {
  const [first] = sandbox.databases;
  return {
    ISPYB_SANDBOX: sandbox.id,
    ISPYB_URL: first.url,
    ISPYB_URLS: sandbox.databases.map(({ url }) => url).join(","),
    ISPYB_ADMIN_URL: sandbox.admin.url,
    ISPYB_MIGRATE_URL: first.url,
    // A server of this machine, without TLS.
    ISPYB_MIGRATE_GET_SERVER_PUBLIC_KEY: "1",
    MYSQL_HOST: sandbox.host,
    MYSQL_TCP_PORT: String(sandbox.port),
    MYSQL_USER: first.user,
    MYSQL_PWD: first.password,
    MYSQL_DATABASE: first.name,
    ...(sandbox.socket === undefined ? {} : { ISPYB_SOCKET: sandbox.socket, MYSQL_UNIX_PORT: sandbox.socket }),
  };
}
