import { expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { toOwnServer } from "../../src/db/db.ts";
import { container } from "../../src/server/container.ts";
import { findServer, providersOf } from "../../src/server/find.ts";
import type { RunningServer } from "../../src/server/provider.ts";
import { onImage } from "../support/on-image.ts";

const report = () => {};

async function works(server: RunningServer): Promise<void> {
  await using db = await connect({ ...server, database: "mysql", ...toOwnServer });
  expect(await db.rows("SELECT 1 AS one")).toEqual([{ one: 1 }]);
}

onImage("container", ({ image, engine }) => {
  test("of a chosen image uses a local one with a longer tag", async (context) => {
    const series = /^(mariadb:\d+\.\d+)\.\d+$/.exec(image)?.[1];
    if (series === undefined) return context.skip(`${image} is no tag with a full version`);
    await using server = await findServer(report, providersOf(series));
    expect(server.description).toBe(`container of ${image}`);
    await works(server);
  });

  test("starts a server from a local image, and removes the container at the end", async () => {
    const { dockerode } = (await engine()).client.container;
    const server = await container.start(report);
    if ("reason" in server) throw new Error(server.reason);
    const listed = async () => {
      const all = await dockerode.listContainers({ all: true });
      return all.some(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === server.port));
    };
    try {
      await works(server);
      expect(await listed()).toBe(true);
    } finally {
      await server[Symbol.asyncDispose]();
    }
    expect(await listed()).toBe(false);
  });
});
