import { expect, test } from "vitest";
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
