/** How far something is that takes long: a bar in a terminal, and a line now and then everywhere else. */
import type { Output } from "./output.ts";

export interface ProgressBar extends AsyncDisposable {
  /** This many of `of` are done. */
  show(done: number, of: number): void;
}

/** Elsewhere than in a terminal: a line for every so many percent. */
const EVERY = 10;

/** `what` is counted: "jobs". */
export async function progressBar(what: string, out: Output): Promise<ProgressBar> {
  return process.stderr.isTTY ? await barOf(what) : linesOf(what, out);
}

// --- internal ---

async function barOf(what: string): Promise<ProgressBar> {
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar(
    {
      stream: process.stderr,
      format: `{bar} {percentage} %  {value} of {total} ${what}  {duration_formatted}, {eta_formatted} to go`,
      formatValue: (value, _, type) => (type === "percentage" ? String(value) : value.toLocaleString("en")),
      hideCursor: true,
      // A signal is src/cli/interrupt.ts's business.
      gracefulExit: false,
      etaBuffer: 20,
    },
    cliProgress.Presets.shades_classic,
  );
  let isStarted = false;
  return {
    show(done, of) {
      if (isStarted) bar.update(done);
      else bar.start(of, done);
      isStarted = true;
    },
    async [Symbol.asyncDispose]() {
      if (isStarted) bar.stop();
    },
  };
}

function linesOf(what: string, out: Output): ProgressBar {
  let told = 0;
  return {
    show(done, of) {
      const percent = Math.floor((done / of) * 100);
      if (percent < told + EVERY) return;
      told = percent - (percent % EVERY);
      out.note(`  ${percent} %  ${done.toLocaleString("en")} of ${of.toLocaleString("en")} ${what}`);
    },
    async [Symbol.asyncDispose]() {},
  };
}
