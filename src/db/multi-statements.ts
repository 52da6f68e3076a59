import type { Connection } from "mysql2/promise";

/** The protocol's COM_SET_OPTION, whose only option is whether one packet may hold several statements. */
const COM_SET_OPTION = 0x1b;

/** What the driver's connection calls a command, as far as this one is. */
interface Wire {
  _resetSequenceId(): void;
  writePacket(packet: { buffer: Buffer; length(): number; writeHeader(sequence: number): void }): void;
  addCommand(command: { onResult(error: unknown): void; execute(answer?: Answer): boolean }): void;
}

interface Answer {
  isError(): boolean;
  asError(encoding: string): Error;
}

/** Allows or forbids `SELECT 1; SELECT 2` in one packet. The stock client allows it, other sessions of this tool do not. */
export function allowMultiStatements(raw: Connection, allowed: boolean): Promise<readonly [undefined]> {
  const wire = (raw as unknown as { connection: Wire }).connection;
  return new Promise((resolve, reject) => {
    wire.addCommand({
      // Called by the driver only if the connection is lost.
      onResult: reject,
      execute(answer) {
        if (answer === undefined) {
          const buffer = Buffer.from([3, 0, 0, 0, COM_SET_OPTION, allowed ? 0 : 1, 0]);
          wire._resetSequenceId();
          wire.writePacket({ buffer, length: () => buffer.length, writeHeader: (sequence) => (buffer[3] = sequence) });
          return false;
        }
        if (answer.isError()) reject(answer.asError("utf8"));
        else resolve([undefined]);
        return true;
      },
    });
  });
}
