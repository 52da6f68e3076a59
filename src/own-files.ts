/**
 * Every folder of the package that the program reads from. src/ and dist/src/ lie equally deep, and the built
 * program keeps this module directly in dist/src/ (scripts/bundle.ts), so one path holds in both.
 */
const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const root = new URL("../", import.meta.url);

/** The program itself: sources in a checkout, or what was built of them. */
export const ownCode = new URL("src/", root);
export const ownMigrations = new URL("migrations/", root);
export const ownProcedures = new URL("migrations/procedures/", root);
export const ownRoles = new URL("migrations/grants/roles.json", root);
export const ownBases = new URL("migrations/base/", root);
export const ownStories = new URL("seeds/", root);
export const ownResetProcedures = new URL("src/reset/sql/", root);
export const ownStorySchema = new URL("seeds/story.schema.json", root);
/** What migration files import, the facility's too: a source file in a checkout, a built one in the package. */
export const ownDefinitions = new URL(`src/steps/define${extension}`, root);
