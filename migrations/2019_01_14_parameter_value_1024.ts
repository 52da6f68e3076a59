import { changeColumn, column, migration } from "../src/steps/define.ts";

export default migration({
  why: "Parameters hold paths and lists: xia2.multiplex lists two files for each data collection.",
  upstream: ["2019_01_14_ProcessingJobParameter_parameterValue.sql"],
  steps: [changeColumn("ProcessingJobParameter", column("parameterValue", "varchar(1024)"))],
});
