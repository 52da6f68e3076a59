/**
 * What the roles of a facility should be allowed to do with processing jobs. Roles that do not exist
 * are left out, unless `--create-roles` makes them; nothing that a role has besides is taken away.
 */
export interface RoleSpec {
  readonly name: string;
  /** Who this role is for. */
  readonly who: string;
  /** EXECUTE on every procedure of migrations/procedures/. */
  readonly procedures: boolean;
  readonly tables: Readonly<Record<string, readonly ("SELECT" | "INSERT" | "UPDATE")[]>>;
}

const readWrite = ["SELECT", "INSERT", "UPDATE"] as const;
const read = ["SELECT"] as const;

export const roles: readonly RoleSpec[] = [
  {
    name: "ispyb_processing",
    who: "pipelines and workflow services, through ispyb-api",
    procedures: true,
    tables: {
      AutoProcProgram: readWrite,
      AutoProcProgramAttachment: readWrite,
      AutoProcProgramMessage: readWrite,
      DataCollection: read,
      ProcessingJob: readWrite,
      ProcessingJobImageSweep: readWrite,
      ProcessingJobParameter: readWrite,
      ProcessingPipeline: read,
      ProcessingPipelineCategory: read,
    },
  },
  {
    name: "ispyb_scripts_processing",
    who: "scripts that look at what was processed",
    procedures: false,
    tables: {
      AutoProcProgram: read,
      AutoProcProgramAttachment: read,
      AutoProcProgramMessage: read,
      ProcessingJob: read,
      ProcessingJobImageSweep: read,
      ProcessingJobParameter: read,
    },
  },
  {
    name: "ispyb_web",
    who: "web interfaces, in which users ask for jobs",
    procedures: false,
    tables: {
      ProcessingJob: ["SELECT", "INSERT"],
      ProcessingJobImageSweep: readWrite,
      ProcessingJobParameter: ["SELECT", "INSERT"],
    },
  },
];
