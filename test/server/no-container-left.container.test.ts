import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { RUN_LABEL } from "../../src/server/container-watch.ts";
import { onImage } from "../support/on-image.ts";

const module = new URL("../../src/server/container.ts", import.meta.url).href;
const code = `
  import { container } from ${JSON.stringify(module)};
  await container.start((line) => console.log(line));
  setInterval(() => {}, 1000);`;

onImage("container", ({ engine }) => {
  test.each(["SIGINT", "SIGKILL"] as const)(
    "is not left if its program ends by %s at any moment of the start",
    async (signal) => {
      const { dockerode } = (await engine()).client.container;
      /** The containers of each of these programs, found by their process ids. */
      const left = async (ids: readonly string[]) => {
        const all = await dockerode.listContainers({ all: true, filters: { label: [RUN_LABEL] } });
        return all.filter(({ Labels }) => ids.some((id) => Labels[RUN_LABEL]?.startsWith(`${id}-`)));
      };
      const programs: string[] = [];
      for (const moment of [0, 20, 40, 70, 100, 150, 250, 500, 1500]) {
        const args = ["--input-type=module", "--eval", code];
        const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
        programs.push(String(child.pid));
        await once(child.stdout, "data");
        await pause(moment);
        child.kill(signal);
        await once(child, "exit");
      }
      // After it holds once, the engine may still create a container of an ended program, and remove it.
      for (let held = 0, wait = 0; held < 10 && wait < 600; wait++, await pause(100)) {
        held = (await left(programs)).length === 0 ? held + 1 : 0;
      }
      expect((await left(programs)).map(({ Id, State }) => `${Id} ${State}`)).toEqual([]);
    },
  );
});
