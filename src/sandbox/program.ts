import type { ServerBinary } from "../server/binary.ts";
import { findProgram, noServer } from "../server/find.ts";

/** The program of the chosen series, or the first that this machine has. Throws NO_SERVER and USAGE. */
export async function programOf(choice: string | undefined, report: (line: string) => void): Promise<ServerBinary> {
  const answer = await findProgram(choice, report);
  if (!("file" in answer)) throw noServer(answer);
  return answer;
}
