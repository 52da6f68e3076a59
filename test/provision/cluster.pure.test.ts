import { expect, test } from "vitest";
import { assertSingle } from "../../src/provision/open-server.ts";

test("a cluster is refused, a single server is not", () => {
  expect(() => assertSingle({ cluster: true, node: "db1:3306 7" })).toThrow(
    expect.objectContaining({
      code: "SERVER_UNSUPPORTED",
      details: expect.objectContaining({ where: "db1:3306 (server id 7)" }),
    }),
  );
  expect(() => assertSingle({ cluster: false, node: "db1:3306 7" })).not.toThrow();
});
