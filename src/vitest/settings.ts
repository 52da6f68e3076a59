/** What passes from the configuration to the global set-up, and from there to the workers; vitest carries it. */
import type { ContentOptions } from "../sandbox/content-options.ts";
import type { Description } from "../sandbox/description.ts";

/** `provide: { ispyb: { … } }` of the vitest configuration. Relative paths begin at the project's root. */
export interface IspybSettings extends ContentOptions {
  /** `mariadb-10.5`, `mariadb-10.11`, `mariadb-11.8`, `mysql-9`, or an image as `mariadb:11.8`; the first that this machine has by default. */
  readonly server?: string | undefined;
  /** A file that `ispyb-migrate sandbox pack` wrote. */
  readonly template?: string | undefined;
}

declare module "vitest" {
  interface ProvidedContext {
    ispyb?: IspybSettings;
    /** Of the global set-up, for its fixture. */
    ispybSandbox?: Description;
  }
}
