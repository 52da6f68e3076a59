/** What a server provider gives: a private server that goes away when it is disposed. */
export interface RunningServer extends AsyncDisposable {
  /** How it was found, for a person: "mariadbd 10.11.19 of this machine". */
  readonly description: string;
  readonly host: string;
  readonly port: number;
  readonly socket?: string;
  readonly user: string;
  /** Generated for this server alone. */
  readonly password: string;
}

/** Why a provider cannot serve here, and what a person could do about it. */
export interface ProviderRefusal {
  readonly provider: string;
  readonly reason: string;
  readonly remedy: string;
}

export interface ServerProvider {
  readonly name: string;
  /** A running server, or the refusal. Throws only where a server was found and broke. */
  start(report: (line: string) => void): Promise<RunningServer | ProviderRefusal>;
}
