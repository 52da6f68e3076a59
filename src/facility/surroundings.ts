/** What the process that loads a facility's files says of itself. */
import module from "node:module";

/** The account that this process runs as; undefined on a system without such numbers. */
export function ownUser(): number | undefined {
  return process.geteuid?.();
}

/** Whether this Node loads files with types. */
export function loadsTypes(): boolean {
  return process.features.typescript !== false;
}

/** Whether this Node lets a program say what a name in an import means: from 22.15 on; the package supports 22.12. */
export function namesImports(): boolean {
  return (module.registerHooks as typeof module.registerHooks | undefined) !== undefined;
}

export const nodeVersion = process.version;
