/** Where the project's own migrations lie; src/ and dist/src/ lie equally deep. */
export const ownMigrations = new URL("../../migrations/", import.meta.url);
