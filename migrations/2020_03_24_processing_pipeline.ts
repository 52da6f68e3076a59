import { column, createTable, insertRows, key, migration, parent, primary, serial } from "../src/steps/define.ts";

/** The pipelines by their ids, as upstream has them in 2026: workers write these numbers into AutoProcProgram. */
const pipelines = [
  [1, "Mosflm", "screening", "automatic", 0],
  [2, "EDNA", "screening", "automatic", 0],
  [3, "Fast DP", "processing", "automatic", 1],
  [4, "xia2/XDS", "processing", "deprecated", 0],
  [5, "xia2/Multiplex", "processing", "automatic", 1],
  [6, "xia2/DIALS", "processing", "optional", 1],
  [7, "xia2/3dii", "processing", "optional", 1],
  [8, "autoPROC", "processing", "optional", 1],
  [9, "Fast EP", "post processing", "automatic", 0],
  [10, "Dimple", "post processing", "automatic", 0],
  [11, "MrBUMP", "post processing", "automatic", 0],
  [12, "Big EP/XDS", "post processing", "automatic", 0],
  [13, "Big EP/DIALS", "post processing", "automatic", 0],
  [14, "autoPROC+STARANISO", "processing", "automatic", 0],
  [15, "xia2/DIALS (multi)", "processing", "automatic", 0],
  [16, "xia2/3dii (multi)", "processing", "automatic", 0],
] as const;

const categories = { screening: 1, processing: 2, "post processing": 3 } as const;

export default migration({
  why: "Clients show pipelines by name, distinguish screening from processing, and offer the pipelines that can be run again.",
  // The upstream scripts of that week also change Container, which this project leaves alone.
  upstream: [],
  steps: [
    createTable("ProcessingPipelineCategory", {
      comment: "What pipelines are for",
      columns: [serial("processingPipelineCategoryId"), column("name", "varchar(20)", { nullable: false })],
      indexes: [primary("processingPipelineCategoryId")],
      foreignKeys: [],
    }),
    insertRows(
      "ProcessingPipelineCategory",
      "processingPipelineCategoryId",
      Object.entries(categories).map(([name, processingPipelineCategoryId]) => ({
        processingPipelineCategoryId,
        name,
      })),
    ),
    createTable("ProcessingPipeline", {
      comment: "The pipelines that programs belong to",
      columns: [
        serial("processingPipelineId"),
        column("processingPipelineCategoryId", "int unsigned"),
        column("name", "varchar(20)", { nullable: false }),
        column("discipline", "varchar(10)", { nullable: false, comment: "E.g. MX" }),
        column("pipelineStatus", "enum('automatic','optional','deprecated')", {
          comment: "Started by itself, on demand, or no longer",
        }),
        column("reprocessing", "tinyint(1)", { default: "1", comment: "1: users may run it again" }),
      ],
      indexes: [primary("processingPipelineId"), key("ProcessingPipeline_fk1", "processingPipelineCategoryId")],
      foreignKeys: [
        {
          name: "ProcessingPipeline_fk1",
          ...parent("ProcessingPipelineCategory", "processingPipelineCategoryId"),
          onDelete: "RESTRICT",
        },
      ],
    }),
    insertRows(
      "ProcessingPipeline",
      "processingPipelineId",
      pipelines.map(([processingPipelineId, name, category, pipelineStatus, reprocessing]) => ({
        processingPipelineId,
        processingPipelineCategoryId: categories[category],
        name,
        discipline: "MX",
        pipelineStatus,
        reprocessing,
      })),
    ),
  ],
});
