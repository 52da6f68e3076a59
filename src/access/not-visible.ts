/** What an account cannot see: neither there nor absent. */
export interface NotVisible {
  readonly problem: string;
  /** The statement that shows it to this account. */
  readonly next: string;
}
