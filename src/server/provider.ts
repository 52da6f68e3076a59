/** A private server, which ends when it is disposed. */
export interface RunningServer extends AsyncDisposable {
  /** Its origin, for messages: "mariadbd 10.11.19 of this machine". */
  readonly description: string;
  readonly host: string;
  readonly port: number;
  readonly socket?: string;
  readonly user: string;
  /** Generated for this server. */
  readonly password: string;
}

/** The reason why a provider has no server on this machine, and a remedy. */
export interface ProviderRefusal {
  readonly provider: string;
  readonly reason: string;
  readonly remedy: string;
}

export interface ServerProvider {
  readonly name: string;
  /** A running server, or a refusal. Throws only if a server was available and failed to start. */
  start(report: (line: string) => void): Promise<RunningServer | ProviderRefusal>;
}
