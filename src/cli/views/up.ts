import type { Caller } from "../../documents/caller.ts";
import type { UpResult } from "../../migrate/up.ts";
import { plural } from "../../plural.ts";
import { type DefinerChange, definerChanges } from "../../repeatables/definers.ts";
import { nameOf } from "../../state/repeatable-names.ts";
import type { Skip } from "../../state/skips.ts";
import type { Paint } from "../output.ts";
import { asFarAsSeen } from "./attention.ts";
import { heading } from "./heading.ts";
import { countKinds } from "./repeatables.ts";
import { lockAdvice } from "./procedures.ts";
import { exceptAllowed, noticeLines } from "./verify.ts";

export function upText(result: UpResult, skip: Skip | undefined, paint: Paint, caller: Caller): string {
  const { before, verification } = result;
  return [
    heading(before, paint),
    "",
    [...outcome(result, paint), ...(skip === undefined ? [] : [skipped(skip)])].join("; "),
    ...lockAdvice(before, definerChanges(before.repeatables, true).filter(isWritten(result))),
    ...noticeLines(verification, paint, caller),
  ].join("\n");
}

// --- internal ---

function isWritten({ repeatables }: UpResult): (change: DefinerChange) => boolean {
  return ({ procedures }) => procedures.some((each) => repeatables.includes(nameOf("procedures", each)));
}

function outcome({ before, recorded, repeatables, verification }: UpResult, paint: Paint): string[] {
  const seen = asFarAsSeen(verification.notVisible);
  if (recorded.length + repeatables.length > 0) {
    const parts = [
      ...(recorded.length === 0 ? [] : [plural(recorded.length, "migration")]),
      ...countKinds(repeatables),
    ];
    return [
      `${paint("green", "done")}: ${parts.join(", ")} recorded`,
      `the schema is as the migrations describe it${exceptAllowed(verification.notices)}${seen}`,
    ];
  }
  const last = before.migrations.at(-1)?.migration.name;
  const range = before.context.isWhole || last === undefined ? "" : ` up to ${last}`;
  return [`${paint("green", `up to date${seen}`)}: nothing was pending${range}`, "the schema was not changed"];
}

function skipped({ names, reason }: Skip): string {
  return reason === undefined ? `no longer skipped: ${names.join(", ")}` : `skipped from now on: ${names.join(", ")}`;
}
