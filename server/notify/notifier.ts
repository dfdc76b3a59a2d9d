import type { Notice } from './contract.ts'

/** What a notifier may reach for beside its settings. */
export type Surroundings = {
  /** Address of the product, without a slash at its end. */
  baseUrl: string
  now: Date
  /** Hosts, addresses and ranges that may be called though they are private. */
  privateHosts: readonly string[]
}

/** The other side did not take a notice; the message is for people. */
export class NotTakenError extends Error {
  /** Seconds after which the other side wants to be asked again. */
  readonly retryAfterSeconds: number | null
  /** True when trying again cannot help, such as an address that is gone. */
  readonly final: boolean

  constructor(message: string, options: { retryAfterSeconds?: number | null; final?: boolean } = {}) {
    super(message)
    this.name = 'NotTakenError'
    this.retryAfterSeconds = options.retryAfterSeconds ?? null
    this.final = options.final ?? false
  }
}

/**
 * A way of telling people. To add one: write it, hold it to `testing/notifier-contract.ts`, and list it in
 * `notifiers/index.ts`.
 */
export type Notifier<Config extends Record<string, unknown> = Record<string, unknown>> = {
  /** @throws InvalidInputError naming the setting that is wrong and what would be right */
  parseConfig(raw: unknown): Config
  /** Where it goes, for the screen: no secrets. */
  destinationOf(config: Config): string
  /** What signs its messages and has to be told once, where there is such a thing. */
  secretOf(config: Config): string | null
  /**
   * Hands one notice over and returns when it was taken. The same notice may come more than once; its id says so.
   * @throws NotTakenError, OutboundError
   */
  deliver(notice: Notice, config: Config, surroundings: Surroundings): Promise<void>
}
