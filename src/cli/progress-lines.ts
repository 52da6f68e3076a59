/** Progress of a run on stderr, a line for each event. */
import type { Progress } from "../run/run.ts";
import type { Output } from "./output.ts";
import { progressLine } from "./views/progress.ts";

/** With --quiet two kinds stay: what the server warns of, and where saved rows are if the run fails later. */
export function progressLines(out: Output): (event: Progress) => void {
  return (event) => {
    if (event.kind === "warning" || event.kind === "saved") out.warning(progressLine(event));
    else out.note(progressLine(event));
  };
}
