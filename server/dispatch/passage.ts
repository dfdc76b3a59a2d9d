import { ServiceError, UnavailableError } from '../kernel/errors.ts'
import type { ApplyOutcome, DryRunOutcome, TargetAdapter } from './contract.ts'
import type { Passage } from './gate.ts'

/** The adapter with every request counted, and with what its answers say of the connection. */
export function counted(adapter: TargetAdapter, passage: Passage): TargetAdapter {
  return {
    ...adapter,
    observe: async () => {
      passage.requests++
      try {
        const observation = await adapter.observe()
        answered(passage)
        return observation
      } catch (error) {
        heardOfRead(passage, error)
        throw error
      }
    },
    dryRun: async (lock, setPoint) => {
      passage.requests++
      return heard(passage, await adapter.dryRun(lock, setPoint))
    },
    apply: async (lock, setPoint) => {
      // The write, and the read after it.
      passage.requests += 2
      return heard(passage, await adapter.apply(lock, setPoint))
    },
  }
}

function answered(passage: Passage): void {
  passage.answered = true
  passage.unanswered = 0
}

function unanswered(passage: Passage, message: string): void {
  passage.unanswered++
  passage.lastFailure = message
}

/** Also a refusal is an answer: the other side is there. */
function heardOfRead(passage: Passage, error: unknown): void {
  const away = error instanceof UnavailableError
  if (away && error.retryAfterSeconds === null) unanswered(passage, error.message)
  else if (error instanceof ServiceError) answered(passage)
  if (away) pauseFor(passage, error.retryAfterSeconds)
}

function heard<O extends ApplyOutcome | DryRunOutcome>(passage: Passage, outcome: O): O {
  const unclear = outcome.kind === 'unknown' || (outcome.kind === 'retryable' && outcome.status === undefined)
  if (unclear) unanswered(passage, outcome.message)
  else answered(passage)
  if ('retryAfterSeconds' in outcome) pauseFor(passage, outcome.retryAfterSeconds ?? null)
  return outcome
}

function pauseFor(passage: Passage, seconds: number | null): void {
  passage.pauseSeconds = Math.max(passage.pauseSeconds, seconds ?? 0)
}
