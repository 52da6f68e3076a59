import { addEnumValue, migration } from "../src/steps/define.ts";

export default migration({
  why: "A program records its input files beside the files that it wrote.",
  // The upstream script of that day also changes other tables.
  upstream: [],
  steps: [addEnumValue("AutoProcProgramAttachment", "fileType", "Input")],
});
