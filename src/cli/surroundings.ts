/** Everything that a command line uses of its process. The caller passes it in, so two can run in one process. */
import type { Readable, Writable } from "node:stream";

export interface Surroundings {
  /** The folder that relative paths start from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly signals: SignalSource;
  /** The id of the parent process now: it changes when the parent has ended. */
  readonly parent?: () => number;
}

export type InputStream = Readable & { readonly isTTY?: boolean | undefined };

export type OutputStream = Writable & { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined };

export const signalNames = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export type SignalName = (typeof signalNames)[number];

/** The process itself, or any emitter of these events. */
export interface SignalSource {
  on(event: SignalName, listener: (signal: SignalName) => void): unknown;
  on(event: "uncaughtException", listener: (error: Error) => void): unknown;
  off(event: SignalName, listener: (signal: SignalName) => void): unknown;
  off(event: "uncaughtException", listener: (error: Error) => void): unknown;
}
