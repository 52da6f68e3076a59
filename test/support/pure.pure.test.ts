import { expect, test } from "vitest";

test("a test named .pure cannot get a server", async () => {
  await expect(import("./servers.ts")).rejects.toThrow("a test named .pure asks for a server");
});
