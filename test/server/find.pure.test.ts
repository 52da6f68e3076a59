import { expect, test } from "vitest";
import { findServer, providers } from "../../src/server/find.ts";
import type { ProviderRefusal, RunningServer, ServerProvider } from "../../src/server/provider.ts";

const server: RunningServer = {
  description: "a server",
  host: "127.0.0.1",
  port: 1,
  user: "root",
  password: "",
  [Symbol.asyncDispose]: async () => {},
};

function provider(name: string, answer: RunningServer | Omit<ProviderRefusal, "provider">): ServerProvider {
  const full = "reason" in answer ? { provider: name, ...answer } : answer;
  return { name, start: async () => full };
}

test("the error names every refusal and every remedy, in order", async () => {
  const refusing = [
    provider("local binary", { reason: "no mariadbd", remedy: "install one" }),
    provider("container", { reason: "no engine answers", remedy: "start Docker" }),
  ];
  await expect(findServer(undefined, refusing)).rejects.toMatchObject({
    code: "NO_SERVER",
    exit: 78,
    details: {
      found: ["local binary: no mariadbd", "container: no engine answers"],
      next: ["local binary: install one", "container: start Docker"],
    },
  });
});

test("the first provider with a server is used, and the others are not asked", async () => {
  const unasked: ServerProvider = { name: "later", start: () => Promise.reject(new Error("was asked")) };
  const list = [provider("first", { reason: "none", remedy: "none" }), provider("second", server), unasked];
  expect(await findServer(undefined, list)).toBe(server);
});

test("the cheapest provider comes first", () => {
  expect(providers.map(({ name }) => name)).toEqual(["local binary", "container", "distribution package"]);
});
