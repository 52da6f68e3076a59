/**
 * Programs that change a table by copying it beside its users, and by what a table is known on which one of them is at
 * work: the names that they give to copies and triggers.
 */
import { sameName } from "../model.ts";
import { id } from "../sql.ts";

/** The names that decide: tables that begin with an underscore, and triggers of pt-online-schema-change. */
export interface Traces {
  readonly tables: readonly string[];
  readonly triggers: readonly { readonly name: string; readonly table: string }[];
}

/** A change of one table that has not ended. */
export interface OnlineChange {
  readonly tool: string;
  /** The table that it changes. */
  readonly table: string;
  /** What it made: "table _T_gho", "trigger pt_osc_ispyb_T_ins". */
  readonly made: readonly string[];
  /** What to do: sentences and statements. */
  readonly advice: readonly string[];
}

const PT_OSC = "pt-online-schema-change";
const SENTINEL = "_spirit_sentinel";

/** The change of this table that is under way, or was cut off; undefined if there is none. */
export function onlineChangeOf(table: string, { tables, triggers }: Traces): OnlineChange | undefined {
  const named = (...suffixes: readonly string[]) => suffixes.flatMap((each) => among(tables, `_${table}_${each}`));
  // pt-online-schema-change puts more underscores before a name that is taken.
  const copies = tables.filter((name) => sameName(name.replace(/^_+/, "_"), `_${table}_new`));
  // After the tables have changed places, the triggers are on the old one.
  const own = triggers.filter((each) => [table, `_${table}_old`].some((name) => sameName(name, each.table)));
  if (own.length > 0) return byTriggers(table, own, copies, named("old"));
  const ghosts = named("ghc", "gho");
  if (ghosts.length > 0) return gh(table, ghosts);
  const checkpoints = [...named("chkpnt"), ...(copies.length === 0 ? [] : among(tables, "_spirit_checkpoint"))];
  if (checkpoints.length > 0) return spirit(table, [...checkpoints, ...copies], among(tables, SENTINEL));
  return copies.length === 0 ? undefined : unclear(table, copies);
}

/** Tables that a change of this one has left over after its end. */
export function leftOverOf(table: string, { tables }: Traces): string[] {
  return tables.filter((name) => {
    const rest = sameName(name.slice(0, table.length + 1), `_${table}`) ? name.slice(table.length + 1) : "";
    return /^_(?:old|old_\w+|del|\d{14}_del)$/i.test(rest);
  });
}

// --- internal ---

function among(tables: readonly string[], wanted: string): string[] {
  return tables.filter((name) => sameName(name, wanted));
}

function asTables(names: readonly string[]): string[] {
  return names.map((name) => `table ${name}`);
}

function byTriggers(
  table: string,
  triggers: Traces["triggers"],
  copies: readonly string[],
  old: readonly string[],
): OnlineChange {
  return {
    tool: PT_OSC,
    table,
    made: [...triggers.map((each) => `trigger ${each.name} on ${each.table}`), ...asTables([...copies, ...old])],
    advice: [
      `let ${PT_OSC} end; if it was stopped and will not be resumed, remove what it left over. Its triggers come first: ` +
        "without the copy that they write to, every write of the table fails",
      ...triggers.map(({ name }) => `DROP TRIGGER ${id(name)};`),
      ...copies.map((name) => `DROP TABLE ${id(name)};`),
    ],
  };
}

function gh(table: string, ghosts: readonly string[]): OnlineChange {
  const log = ghosts.find((name) => /_ghc$/i.test(name));
  return {
    tool: "gh-ost",
    table,
    made: asTables(ghosts),
    advice: [
      ...(log === undefined
        ? []
        : [`SELECT MAX(last_update) FROM ${id(log)};   -- a gh-ost that is at work writes here every second`]),
      "let gh-ost end; if it was stopped, remove what it left over:",
      `DROP TABLE ${ghosts.map(id).join(", ")};`,
    ],
  };
}

function spirit(table: string, made: readonly string[], sentinels: readonly string[]): OnlineChange {
  return {
    tool: "Spirit",
    table,
    made: asTables([...made, ...sentinels]),
    advice: [
      "let Spirit end; if it was stopped, start the same change again: it continues where it was",
      "or, if the change is not wanted and no Spirit is at work (SHOW FULL PROCESSLIST), remove what it left over:",
      `DROP TABLE ${made.map(id).join(", ")};`,
      ...sentinels.map(
        (name) => `drop ${name} last: a waiting Spirit finishes its change as soon as this table is gone`,
      ),
    ],
  };
}

/** Before its first trigger or checkpoint, or for an account that cannot see triggers. */
function unclear(table: string, copies: readonly string[]): OnlineChange {
  return {
    tool: `${PT_OSC} or Spirit`,
    table,
    made: asTables(copies),
    advice: [
      "let it end; SHOW FULL PROCESSLIST shows its sessions",
      `SHOW TRIGGERS WHERE ${id("Trigger")} LIKE 'pt\\_osc\\_%';   -- as an account with TRIGGER: drop these first, if nothing is at work`,
      `DROP TABLE ${copies.map(id).join(", ")};   -- if nothing is at work, and no trigger writes to it`,
    ],
  };
}
