import { productName } from "../../dialect/version.ts";
import { forecast } from "../../migrate/forecast.ts";
import { isPending } from "../../migrate/assess.ts";
import type { Survey } from "../../migrate/survey.ts";
import type { Paint } from "../output.ts";
import { heading } from "./heading.ts";
import { plural } from "./paint.ts";

/** The plan on one screen, to be read before the question is answered; `plan` has the SQL. */
export function outlineText(found: Survey, paint: Paint): string {
  const lines = [heading(found, paint), ""];
  for (const { migration, steps } of found.migrations.filter(isPending)) {
    lines.push(paint("bold", migration.name));
    for (const { number, title, statement, madeWith, already } of steps) {
      if (statement === undefined) {
        const there = already ? "already there" : "nothing left to do by then";
        const how = madeWith === undefined ? there : `with ${madeWith.migration} step ${madeWith.number}`;
        lines.push(`  ${number}. ${title}: ${how}`);
        continue;
      }
      const { algorithm, blocked } = forecast(statement, found.server, found.sizes);
      lines.push(`  ${number}. ${title}`, paint("dim", `     ${algorithm}; blocks ${blocked}`));
    }
  }
  return [...lines, ""].join("\n");
}

export function question(found: Survey): string {
  const owed = found.migrations.filter(isPending);
  return `Apply ${plural(owed.length, "migration")} to ${found.catalog.database} on ${productName(found.server.dialect)}?`;
}
