/** Cases that cost a second each and differ little from server to server: each is tried on some servers of the matrix. */
import { type Lane, allLanes } from "./lanes.ts";

/** The cases of this server, where each case is tried on `servers` of the matrix, the next one on the next of them. */
export function shareOfCases<T>(lane: Lane, cases: readonly T[], servers: number): T[] {
  const place = allLanes.findIndex(({ name }) => name === lane.name);
  return cases.filter((_, at) => (at + place) % allLanes.length < servers);
}
