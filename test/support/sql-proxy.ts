/**
 * A proxy that speaks the protocol: it greets with a number of its own, takes any password, and has each statement
 * answered by one of its sessions on real servers. What a statement is led by is the kind of the proxy.
 */
import { type Socket, createServer } from "node:net";
import { type Connection, createConnection } from "mysql2/promise";
import { listening } from "./listening.ts";
import { responseEnd } from "./protocol.ts";
import type { Place } from "./servers.ts";

type At = Place & { readonly database: string };

/** One client of the proxy. */
export interface ProxyClient {
  /** Counted from 0, in the order in which they log in. */
  readonly number: number;
  readonly isInTransaction: boolean;
  /** Statements before this one. */
  readonly sent: number;
  /** Ends the session on a server without a word to the client; the next statement there opens another one. */
  readonly drop: (server: number) => void;
}

/** The number of the server that answers a statement; "all" for one that changes the session, answered by the first. */
export type Route = (sql: string, client: ProxyClient) => number | "all";

const changesSession = (sql: string) => /^(SET|USE)\b/.test(sql);
const mayBeRead = (sql: string) => /^(SELECT|SHOW)\b/.test(sql) && !/\bFOR UPDATE\b|_LOCK\(/.test(sql);

/** Each client stays on the first server. */
export const stable: Route = () => 0;

/** Reads outside of transactions go to the second server. */
export const splitsReads: Route = (sql, { isInTransaction }) =>
  changesSession(sql) ? "all" : mayBeRead(sql) && !isInTransaction ? 1 : 0;

/** Each statement goes to the next of two servers. */
export const roundRobin: Route = (_, { sent }) => sent % 2;

/** Each client goes to the next of two servers, and stays there. */
export const eachClientToTheNext: Route = (_, { number }) => number % 2;

/** Stays on the first server; before a statement like this one it opens another session there in silence, once. */
export function reconnectsBefore(like: RegExp): Route {
  let met = false;
  return (sql, { drop }) => {
    if (!met && like.test(sql)) {
      met = true;
      drop(0);
    }
    return 0;
  };
}

/** The same database behind a proxy of this kind in front of these servers. */
export async function proxyTo(servers: readonly [At, ...At[]], route: Route): Promise<At & AsyncDisposable> {
  const sockets = new Set<Socket>();
  let clients = 0;
  const next = () => clients++;
  const proxy = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    void new Client(socket, servers, route, next).serve().finally(() => {
      sockets.delete(socket);
      socket.destroy();
    });
  });
  const { socket: _, ...first } = servers[0];
  return { ...first, ...(await listening(proxy, sockets)) };
}

// --- internal ---

/** Commands of the protocol. */
const QUIT = 1;
const QUERY = 3;
/** MySQL's form of a query: no attributes, in one set. */
const NO_ATTRIBUTES = "\0\u0001";
/** Three bytes of length, one that counts the packets. */
const HEADER = 4;
/** The number of every connection, as the proxy says it. */
const OWN_NUMBER = 1_000_000;
/** Capabilities that a server offers and the proxy does not: compression and TLS. */
const NOT_OFFERED = (1 << 5) | (1 << 11);

/** What a server can do, as two numbers of its greeting. */
interface Capabilities {
  readonly capabilityFlags: number;
  readonly mariadbExtendedCapabilityFlags: number;
}

class Client implements ProxyClient {
  number = 0;
  isInTransaction = false;
  sent = -1;
  readonly #socket: Socket;
  readonly #servers: readonly At[];
  readonly #route: Route;
  readonly #next: () => number;
  readonly #sessions = new Map<number, Session>();

  constructor(socket: Socket, servers: readonly At[], route: Route, next: () => number) {
    this.#socket = socket;
    this.#servers = servers;
    this.#route = route;
    this.#next = next;
  }

  readonly drop = (server: number): void => {
    this.#sessions.get(server)?.end();
    this.#sessions.delete(server);
  };

  async serve(): Promise<void> {
    try {
      const { capabilities } = await this.#session(0);
      this.#socket.write(greeting(capabilities));
      let isLoggedIn = false;
      for await (const packet of packetsOf(this.#socket)) {
        if (!isLoggedIn) {
          isLoggedIn = true;
          this.number = this.#next();
          const sequence = packet.readUInt8(3) + 1;
          this.#socket.write(Buffer.from([7, 0, 0, sequence, 0, 0, 0, 2, 0, 0, 0]));
          continue;
        }
        if (packet[HEADER] === QUIT) return;
        this.#socket.write(await this.#answer(packet));
      }
    } catch {
      // The client sees that its connection ends.
    } finally {
      for (const server of this.#sessions.keys()) this.drop(server);
    }
  }

  async #answer(packet: Buffer): Promise<Buffer> {
    const sql = packet[HEADER] === QUERY ? packet.toString("utf8", HEADER + 1).replace(NO_ATTRIBUTES, "") : undefined;
    if (sql !== undefined) this.sent++;
    const wanted = sql === undefined ? "all" : this.#route(sql, this);
    const servers = wanted === "all" ? this.#servers.map((_, at) => at) : [wanted];
    const answers: Buffer[] = [];
    for (const at of servers) answers.push(await (await this.#session(at)).send(packet));
    if (sql?.startsWith("START TRANSACTION") === true) this.isInTransaction = true;
    if (sql !== undefined && /^(COMMIT|ROLLBACK)\b/.test(sql)) this.isInTransaction = false;
    return answers[0] ?? Buffer.alloc(0);
  }

  async #session(at: number): Promise<Session> {
    const server = this.#servers[at];
    if (server === undefined) throw new Error(`the proxy has no server ${at}`);
    const session = this.#sessions.get(at) ?? (await Session.open(server));
    this.#sessions.set(at, session);
    return session;
  }
}

/** A session on a server: the driver logs in, then the packets are passed on as they are. */
class Session {
  readonly capabilities: Capabilities;
  readonly #raw: Connection;
  readonly #stream: Socket;

  private constructor(raw: Connection, stream: Socket, capabilities: Capabilities) {
    this.#raw = raw;
    this.#stream = stream;
    this.capabilities = capabilities;
  }

  static async open({ host, port, user, password, database }: At): Promise<Session> {
    const raw = await createConnection({ host, port, user, password, database, charset: "utf8mb4" });
    const driver = raw as unknown as { connection: { stream: Socket; _handshakePacket: Capabilities } };
    const { _handshakePacket: capabilities, stream } = driver.connection;
    stream.removeAllListeners("data");
    // The proxy ends it without a word.
    raw.on("error", () => {});
    return new Session(raw, stream, capabilities);
  }

  /** The whole answer to one command. */
  send(packet: Buffer): Promise<Buffer> {
    const stream = this.#stream;
    return new Promise((resolve, reject) => {
      let received = Buffer.alloc(0);
      const onClose = () => reject(new Error("the server closed the session"));
      const onData = (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        if (responseEnd(received) === undefined) return;
        stream.off("data", onData).off("close", onClose);
        resolve(received);
      };
      stream.on("data", onData).on("close", onClose);
      stream.write(packet);
    });
  }

  end(): void {
    this.#raw.destroy();
  }
}

async function* packetsOf(socket: Socket): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER && rest.length >= HEADER + rest.readUIntLE(0, 3)) {
      const end = HEADER + rest.readUIntLE(0, 3);
      yield rest.subarray(0, end);
      rest = rest.subarray(end);
    }
  }
}

/** The client and the sessions of the proxy have to agree on the form of packets. */
function greeting(offered: Capabilities): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32LE(OWN_NUMBER);
  const capabilities = Buffer.alloc(4);
  capabilities.writeUInt32LE((offered.capabilityFlags & ~NOT_OFFERED) >>> 0);
  const more = Buffer.alloc(4);
  more.writeUInt32LE(offered.mariadbExtendedCapabilityFlags >>> 0);
  const body = Buffer.concat([
    Buffer.from("\u000A8.0.0-proxy\0", "latin1"),
    number,
    Buffer.from("abcdefgh\0", "latin1"),
    capabilities.subarray(0, 2),
    Buffer.from([45, 2, 0]),
    capabilities.subarray(2),
    Buffer.from([21]),
    Buffer.alloc(6),
    more,
    Buffer.from("ijklmnopqrst\0mysql_native_password\0", "latin1"),
  ]);
  return Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]);
}
