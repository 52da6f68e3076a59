import { type AddressInfo, type Socket, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { takeServer } from "../support/ticket.ts";
import { until, within } from "../support/within.ts";

test("a wait for something that never happens ends with an error that names it", async () => {
  await expect(within(new Promise<void>(() => {}), "the moon", 0.1)).rejects.toThrow("0.1 s in vain for the moon");
  expect(await within(Promise.resolve(1), "nothing")).toBe(1);
});

test("a condition is asked for until it holds", async () => {
  let asked = 0;
  await until(async () => ++asked === 3, "the third time", 1);
  expect(asked).toBe(3);
  await expect(until(() => Promise.reject(new Error("no")), "nothing")).rejects.toThrow("no");
});

test("the pool of a container that is gone, or that accepts connections and does not answer, is given up", async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  await expect(takeServer("127.0.0.1", [1, port], "", 1)).rejects.toThrow(
    /waited 1 s in vain for a free server .*port 1: .*ECONNREFUSED.*; port \d+: .*(ETIMEDOUT|no answer to DROP DATABASE)/,
  );
});
