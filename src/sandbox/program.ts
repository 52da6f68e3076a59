import { hint } from "../hint.ts";
import type { ServerBinary } from "../server/binary.ts";
import { PULLED, parseChoice } from "../server/choice.ts";
import { findProgram, noServer } from "../server/find.ts";
import { notInContainer } from "./image.ts";

/** What is left where no program can be had. */
const inContainer = hint("sandbox", { options: { server: PULLED }, note: "with a container engine" });

/** The program of the chosen series, or the first that this machine has. Throws NO_SERVER and USAGE. */
export async function programOf(choice: string | undefined, report: (line: string) => void): Promise<ServerBinary> {
  const parsed = choice === undefined ? undefined : parseChoice(choice);
  if (parsed?.kind === "image") {
    throw notInContainer("a container image has no template", parsed.image, { args: ["pack", "FILE"] });
  }
  const answer = await findProgram(choice, report);
  if (!("file" in answer)) throw noServer(answer, [inContainer]);
  return answer;
}
