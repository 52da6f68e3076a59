import { column, createTable, key, migration, parent, primary, serial } from "../src/steps/define.ts";

export default migration({
  why:
    "A processing job asks for a data collection to be processed: with a recipe, with parameters, and over " +
    "image ranges. Each image range names its data collection, which may differ from that of the job.",
  upstream: ["2022_10_06_ProcessingJob.sql"],
  steps: [
    createTable("ProcessingJob", {
      comment: "The intent to run some processing on a data collection",
      columns: [
        serial("processingJobId"),
        column("dataCollectionId", "int unsigned", { comment: "The primary data collection of the job" }),
        column("displayName", "varchar(80)", { comment: "Name of the processing for people, e.g. xia2 or DIMPLE" }),
        column("comments", "varchar(255)", { comment: "Why the job was asked for, in its user's words" }),
        column("recordTimestamp", "timestamp", {
          nullable: false,
          default: "current_timestamp()",
          comment: "When the job was submitted",
        }),
        column("recipe", "varchar(50)", { comment: "The recipe that a workflow service runs for this job" }),
        column("automatic", "tinyint(1)", { comment: "1: started by a pipeline, 0: asked for by a user" }),
      ],
      indexes: [primary("processingJobId"), key("ProcessingJob_ibfk1", "dataCollectionId")],
      foreignKeys: [
        {
          name: "ProcessingJob_ibfk1",
          ...parent("DataCollection", "dataCollectionId"),
          onDelete: { whereCascading: "CASCADE" },
        },
      ],
    }),

    createTable("ProcessingJobParameter", {
      comment: "Parameters of a processing job; a key may occur more than once",
      columns: [
        serial("processingJobParameterId"),
        column("processingJobId", "int unsigned"),
        column("parameterKey", "varchar(80)", { comment: "E.g. d_min, spacegroup, unit_cell" }),
        column("parameterValue", "varchar(1024)", { accepts: { types: ["varchar(255)"] } }),
      ],
      indexes: [primary("processingJobParameterId"), key("ProcessingJobParameter_ibfk1", "processingJobId")],
      foreignKeys: [
        {
          name: "ProcessingJobParameter_ibfk1",
          ...parent("ProcessingJob", "processingJobId"),
          onDelete: { whereCascading: "CASCADE" },
        },
      ],
    }),

    createTable("ProcessingJobImageSweep", {
      comment: "Image ranges of a processing job, each on a data collection of its own",
      columns: [
        serial("processingJobImageSweepId"),
        column("processingJobId", "int unsigned"),
        column("dataCollectionId", "int unsigned"),
        column("startImage", "mediumint unsigned", { comment: "First image of the range, counted from 1" }),
        column("endImage", "mediumint unsigned", { comment: "Last image of the range, itself included" }),
      ],
      indexes: [
        primary("processingJobImageSweepId"),
        key("ProcessingJobImageSweep_ibfk1", "processingJobId"),
        key("ProcessingJobImageSweep_ibfk2", "dataCollectionId"),
      ],
      foreignKeys: [
        {
          name: "ProcessingJobImageSweep_ibfk1",
          ...parent("ProcessingJob", "processingJobId"),
          onDelete: { whereCascading: "CASCADE" },
        },
        {
          name: "ProcessingJobImageSweep_ibfk2",
          ...parent("DataCollection", "dataCollectionId"),
          onDelete: { whereCascading: "CASCADE" },
        },
      ],
    }),
  ],
});
