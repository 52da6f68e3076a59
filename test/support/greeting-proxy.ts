/**
 * A real server that gives itself out for another version, through a proxy in front of it. Its packets
 * are taken apart as far as their lengths go, so that a version may be shorter or longer than the true one.
 */
import { type Socket, connect, createServer } from "node:net";
import { Transform } from "node:stream";
import { listening } from "./listening.ts";

export interface Pretence {
  /** Said in reply to VERSION(), @@version and SHOW VARIABLES; the truth where left out. */
  readonly version?: string;
  /** Said in the greeting; `version` where left out. */
  readonly greeting?: string;
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** The same database at another port, until it is disposed. It offers no TLS: nothing could be rewritten then. */
export async function pretending(
  { host, port, user, password, database }: Place,
  pretence: Pretence,
): Promise<Place & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(port, host);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay();
      // A client may go without a farewell, and a test may kill the connection.
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        other.end();
      });
    }
    client.pipe(server);
    server.pipe(rewriting(pretence)).pipe(client);
  });
  return { ...(await listening(proxy, sockets)), user, password, database };
}

/** Three bytes of length, one that counts the packets. */
const HEADER = 4;

/** What a server sends on one connection, told anew. */
function rewriting(pretence: Pretence): Transform {
  let rest: Buffer = Buffer.alloc(0);
  let rewrite: ((body: Buffer) => Buffer) | undefined;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= HEADER && rest.length >= HEADER + rest.readUIntLE(0, 3)) {
        const end = HEADER + rest.readUIntLE(0, 3);
        let body: Buffer = rest.subarray(HEADER, end);
        if (rewrite === undefined) {
          const { told, version } = rewriteGreeting(body, pretence);
          body = told;
          rewrite = (row) => rewriteRow(row, version, pretence.version ?? version);
        } else {
          body = rewrite(body);
        }
        const header = Buffer.from([0, 0, 0, rest.readUInt8(3)]);
        header.writeUIntLE(body.length, 0, 3);
        this.push(Buffer.concat([header, body]));
        rest = rest.subarray(end);
      }
      done();
    },
  });
}

const PROTOCOL = 10;
/** After the version: connection id, half of the seed and a zero; then capabilities, of which bit 11 is TLS. */
const CAPABILITIES = 4 + 8 + 1;
const TLS = 1 << 11;

/** MariaDB before 11 says "5.5.5-" first, for replicas that know no version of two digits; VERSION() never does. */
const PREFIX = "5.5.5-";

/** The first packet of a connection, and the version that the server told in it. */
function rewriteGreeting(body: Buffer, pretence: Pretence): { told: Buffer; version: string } {
  // Instead of greeting, a server may refuse.
  if (body[0] !== PROTOCOL) return { told: body, version: "" };
  const end = body.indexOf(0);
  const greeting = body.toString("latin1", 1, end);
  const prefix = greeting.startsWith(PREFIX) ? PREFIX : "";
  const version = greeting.slice(prefix.length);
  const after = Buffer.from(body.subarray(end + 1));
  after.writeUInt16LE(after.readUInt16LE(CAPABILITIES) & ~TLS, CAPABILITIES);
  const words = pretence.greeting ?? prefix + (pretence.version ?? version);
  return { told: Buffer.concat([Buffer.from([PROTOCOL]), Buffer.from(`${words}\0`, "latin1"), after]), version };
}

/** A row of text has each value's length before it: that is what a version is known by. */
function rewriteRow(body: Buffer, version: string, pretended: string): Buffer {
  const value = (words: string) => Buffer.concat([Buffer.from([words.length]), Buffer.from(words, "latin1")]);
  const at = version === "" ? -1 : body.indexOf(value(version));
  if (at < 0) return body;
  return Buffer.concat([body.subarray(0, at), value(pretended), body.subarray(at + version.length + 1)]);
}
