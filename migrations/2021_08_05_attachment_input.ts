import { addEnumValue, migration } from "../src/steps/define.ts";

export default migration({
  why: "The files that a program started from stand beside those that it wrote.",
  // Upstream's script of this day does much else besides.
  upstream: [],
  steps: [addEnumValue("AutoProcProgramAttachment", "fileType", "Input")],
});
