import { changeColumn, column, migration } from "../src/steps/define.ts";

export default migration({
  why: "Parameters hold paths and lists: xia2.multiplex names two files for each of its data collections.",
  upstream: ["2019_01_14_ProcessingJobParameter_parameterValue.sql"],
  steps: [changeColumn("ProcessingJobParameter", column("parameterValue", "varchar(1024)"))],
});
