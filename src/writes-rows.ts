/** True if the statement changes rows and no table: the rows stay locked until it ends. */
export function writesRows(sql: string): boolean {
  return /^\s*(?:update|delete|insert|replace)\b/i.test(sql);
}
