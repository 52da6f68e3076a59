/** The official schema with another type for the keys that our tables refer to. */
const referring = [
  ["AutoProcProgram", "dataCollectionId", "NULL", "AutoProcProgram_FK1", "DataCollection (dataCollectionId)"],
  [
    "AutoProcProgramAttachment",
    "autoProcProgramId",
    "NOT NULL",
    "AutoProcProgramAttachmentFk1",
    "AutoProcProgram (autoProcProgramId)",
  ],
  [
    "AutoProcIntegration",
    "dataCollectionId",
    "NOT NULL",
    "AutoProcIntegration_ibfk_1",
    "DataCollection (dataCollectionId)",
  ],
  [
    "AutoProcIntegration",
    "autoProcProgramId",
    "NULL",
    "AutoProcIntegration_ibfk_2",
    "AutoProcProgram (autoProcProgramId)",
  ],
] as const;

export function otherKeys(type: string): string[] {
  return [
    ...referring.map(([table, , , key]) => `ALTER TABLE ${table} DROP FOREIGN KEY ${key}`),
    `ALTER TABLE DataCollection MODIFY dataCollectionId ${type} NOT NULL AUTO_INCREMENT`,
    `ALTER TABLE AutoProcProgram MODIFY autoProcProgramId ${type} NOT NULL AUTO_INCREMENT`,
    ...referring.map(
      ([table, column, nullable, key, parent]) =>
        `ALTER TABLE ${table} MODIFY ${column} ${type} ${nullable}, ADD CONSTRAINT ${key} FOREIGN KEY (${column}) REFERENCES ${parent} ON DELETE CASCADE`,
    ),
  ];
}
