import { type RequestListener, createServer as createHttpServer } from "node:http";
import { type AddressInfo, type Server, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { container } from "../../src/server/container.ts";
import { engineFault } from "../../src/server/engine-fault.ts";

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("any answer counts as an engine, even a refusal or one that is not HTTP", async () => {
  const refuses: RequestListener = (_request, answer) => void answer.writeHead(400).end();
  expect(await engineFault(await listening(createHttpServer(refuses)))).toBeUndefined();
  expect(await engineFault(await listening(createServer((socket) => socket.end("\x15\x03\x01"))))).toBeUndefined();
});

test("a closed port, a missing socket and an unknown kind of address: each has its own reason", async () => {
  expect(await engineFault("tcp://127.0.0.1:1")).toMatchObject({ code: "ECONNREFUSED" });
  expect(await engineFault("unix:///nowhere/docker.sock")).toMatchObject({
    code: "ENOENT",
    reason: expect.stringContaining("/nowhere/docker.sock"),
  });
  for (const address of ["ssh://somebody@host", "host:2375", "/var/run/docker.sock"]) {
    expect(await engineFault(address)).toMatchObject({ code: "ERR_ADDRESS" });
  }
});

test("an engine that accepts the connection but does not answer ends with a timeout", async () => {
  const address = await listening(createServer((socket) => void setTimeout(() => socket.destroy(), 60_000).unref()));
  expect(await engineFault(address)).toMatchObject({ code: "ETIMEDOUT", reason: "no answer in 5 s" });
});

test("a DOCKER_HOST that does not answer is refused by name, even if another engine is available", async () => {
  const before = process.env["DOCKER_HOST"];
  onTestFinished(() => {
    if (before === undefined) delete process.env["DOCKER_HOST"];
    else process.env["DOCKER_HOST"] = before;
  });
  process.env["DOCKER_HOST"] = "tcp://127.0.0.1:1";
  expect(await container.start(() => {})).toMatchObject({
    reason: expect.stringMatching(/DOCKER_HOST=tcp:\/\/127\.0\.0\.1:1 .*ECONNREFUSED/),
  });
});
