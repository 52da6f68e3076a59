/** Names of stories: by them the database records rows, and commands know stories. */

/** Not a subcommand of `seed`, and not a name of generated jobs. */
export const storyName = /^(?!(?:remove|generate|generated-\d+)$)[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

export const nameWanted =
  "letters, digits, _ and -, at most 100 characters; the names `remove`, `generate` and `generated-N` are reserved";
