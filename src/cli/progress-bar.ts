/** How far something is that takes long: a bar in a terminal, and a line now and then everywhere else. */
import type { Output } from "./output.ts";
import type { OutputStream } from "./surroundings.ts";

export interface ProgressBar extends AsyncDisposable {
  /** This many of `of` are done. */
  show(done: number, of: number): void;
}

/** Elsewhere than in a terminal: a line for every so many percent. */
const EVERY = 10;

/** `what` is counted: "jobs". Nothing is drawn any more once `stop` is asked for. */
export async function progressBar(what: string, out: Output, stop: AbortSignal): Promise<ProgressBar> {
  return out.terminal === undefined ? linesOf(what, out) : await barOf(what, out.terminal, stop);
}

// --- internal ---

async function barOf(what: string, stream: OutputStream, stop: AbortSignal): Promise<ProgressBar> {
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar(
    {
      stream,
      format: `{bar} {percentage} %  {value} of {total} ${what}  {duration_formatted}, {eta_formatted} to go`,
      formatValue: (value, _, type) => (type === "percentage" ? String(value) : value.toLocaleString("en")),
      hideCursor: true,
      // A signal is src/cli/interrupt.ts's business.
      gracefulExit: false,
      etaBuffer: 20,
    },
    cliProgress.Presets.shades_classic,
  );
  stop.addEventListener("abort", () => bar.stop(), { once: true });
  return {
    show(done, of) {
      if (bar.isActive) bar.update(done);
      else if (!stop.aborted) bar.start(of, done);
    },
    async [Symbol.asyncDispose]() {
      bar.stop();
    },
  };
}

function linesOf(what: string, out: Output): ProgressBar {
  let told = 0;
  return {
    show(done, of) {
      const percent = of === 0 ? 100 : Math.floor((done / of) * 100);
      if (percent < told + EVERY) return;
      told = percent - (percent % EVERY);
      out.note(`  ${percent} %  ${done.toLocaleString("en")} of ${of.toLocaleString("en")} ${what}`);
    },
    async [Symbol.asyncDispose]() {},
  };
}
