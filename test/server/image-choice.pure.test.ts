import { expect, test } from "vitest";
import { newestServerImage } from "../../src/server/image-choice.ts";

test.for<[string[], string | undefined]>([
  [["mysql:5.7", "mariadb:11.8"], "mariadb:11.8"],
  [["mysql:5.7", "mysql:5", "mariadb:10.4.34"], undefined],
  [["mariadb:10.5", "mariadb:10.11.19-jammy", "mariadb:9"], "mariadb:10.11.19-jammy"],
  [["mysql:8.0.36", "mysql:8.4", "mysql:8.0"], "mysql:8.4"],
  [["mariadb:10.11.9", "mariadb:10.11"], "mariadb:10.11"],
  [["mariadb:10", "mariadb:10.6"], "mariadb:10"],
  [["mysql:9.7.4", "docker.io/library/mariadb:10.6"], "docker.io/library/mariadb:10.6"],
  [["mysql:latest"], "mysql:latest"],
  [["mysql:latest", "mariadb:lts"], "mariadb:lts"],
  [["mariadb:latest", "mysql:8.0"], "mysql:8.0"],
  [["mariadb:noble", "mysql:<none>", "mysql:10.5.0.1", "other/mysql:8.0", "postgres:17"], undefined],
  [[], undefined],
])("of %j it is %s", ([tags, wanted]) => {
  expect(newestServerImage(tags)).toBe(wanted);
  expect(newestServerImage(tags.toReversed())).toBe(wanted);
});
