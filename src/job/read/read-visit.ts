import type { Db } from "../../db/db.ts";
import type { Visit } from "../job.ts";
import type { Shape } from "./shape.ts";

interface Row {
  readonly sessionId: number;
  readonly code: string | null;
  readonly number: string | null;
  readonly title: string | null;
  readonly visit: number | null;
  readonly beamline: string | null;
}

/** The session of a data collection, and its members. */
export async function readVisit(db: Db, shape: Shape, dataCollection: number): Promise<Visit | null> {
  if (!["DataCollection", "DataCollectionGroup", "BLSession", "Proposal"].every((table) => shape.has(table))) {
    return null;
  }
  const [row] = await db.rows<Row>(
    "SELECT s.sessionId, p.proposalCode AS code, p.proposalNumber AS number, p.title, " +
      `${shape.column("s", "BLSession", "visit_number")} AS visit, ` +
      `${shape.column("s", "BLSession", "beamLineName")} AS beamline FROM DataCollection d ` +
      "JOIN DataCollectionGroup g ON g.dataCollectionGroupId = d.dataCollectionGroupId " +
      "JOIN BLSession s ON s.sessionId = g.sessionId JOIN Proposal p ON p.proposalId = s.proposalId " +
      "WHERE d.dataCollectionId = ?",
    [dataCollection],
  );
  if (row === undefined) return null;
  const { sessionId, code, number, title, visit, beamline } = row;
  return {
    proposal: `${code ?? ""}${number ?? ""}`,
    title,
    session: visit,
    beamline,
    people: await readPeople(db, shape, sessionId),
  };
}

// --- internal ---

async function readPeople(db: Db, shape: Shape, session: number): Promise<Visit["people"]> {
  if (!shape.has("Person") || !shape.has("Session_has_Person")) return [];
  const rows = await db.rows<{ given: string | null; family: string | null; role: string | null }>(
    `SELECT h.givenName AS given, h.familyName AS family, ${shape.column("r", "Session_has_Person", "role")} AS role ` +
      "FROM Session_has_Person r JOIN Person h ON h.personId = r.personId WHERE r.sessionId = ? ORDER BY h.personId",
    [session],
  );
  return rows.map(({ given, family, role }) => ({
    name: [given, family].filter((part) => part !== null).join(" "),
    role,
  }));
}
