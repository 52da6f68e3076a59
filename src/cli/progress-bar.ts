/** Progress of a long operation: a bar in a terminal, periodic lines elsewhere, nothing with --quiet. */
import type { Output } from "./output.ts";
import type { OutputStream } from "./surroundings.ts";

export interface ProgressBar extends AsyncDisposable {
  /** This many of `of` are done. */
  show(done: number, of: number): void;
}

/** Outside a terminal: a line each time this many percent are done. */
const EVERY = 10;

/** `what` is the unit: "jobs". Nothing is drawn after `stop`. */
export async function progressBar(what: string, out: Output, stop: AbortSignal): Promise<ProgressBar> {
  if (out.quiet) return { show() {}, async [Symbol.asyncDispose]() {} };
  return out.terminal === undefined ? linesOf(what, out) : await barOf(what, out.terminal, stop);
}

// --- internal ---

async function barOf(what: string, stream: OutputStream, stop: AbortSignal): Promise<ProgressBar> {
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar(
    {
      stream,
      format: `{bar} {percentage} %  {value} of {total} ${what}  {duration_formatted}, {eta_formatted} left`,
      formatValue: (value, _, type) => (type === "percentage" ? String(value) : value.toLocaleString("en")),
      hideCursor: true,
      // src/cli/interrupt.ts handles signals.
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
  let reported = 0;
  return {
    show(done, of) {
      const percent = of === 0 ? 100 : Math.floor((done / of) * 100);
      if (percent < reported + EVERY) return;
      reported = percent - (percent % EVERY);
      out.note(`  ${percent} %  ${done.toLocaleString("en")} of ${of.toLocaleString("en")} ${what}`);
    },
    async [Symbol.asyncDispose]() {},
  };
}
