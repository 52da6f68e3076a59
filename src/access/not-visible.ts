/** What an account cannot see: neither there nor absent. */
export interface NotVisible {
  readonly problem: string;
  /** The statement that shows it to this account, or several, one a line. */
  readonly next: string;
}
