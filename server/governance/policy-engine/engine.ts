import type { EngineAnswer, EngineQuestion } from './contract.ts'

/** What an engine may reach for beside its settings. */
export type Surroundings = {
  /** Hosts, addresses and ranges that may be called though they are private. */
  privateHosts: readonly string[]
}

/** Where an engine is and how it is asked. */
export type EngineAccess = { url: string; token: string | null; timeoutMs: number }

/**
 * A policy engine: one question in, a clear yes, a clear no, or no verdict out. Who brings another kind of engine holds it to
 * `testing/policy-engine-contract.ts`, and uses it where `httpEngine` is used.
 */
export type PolicyEngine = {
  /** @throws InvalidInputError naming the setting that is wrong and what would be right */
  requireUsable(access: EngineAccess): void
  /**
   * Asks once and waits no longer than it is given. Never throws for anything that the other side does or leaves undone: what is no clear yes
   * or no is no verdict, in words that show no secret.
   */
  judge(question: EngineQuestion, access: EngineAccess, surroundings: Surroundings): Promise<EngineAnswer>
}
