import { ServiceError, UnavailableError } from '../../kernel/errors.ts'
import type { ApplyOutcome, DryRunOutcome, Observation, TargetAdapter } from '../contract.ts'
import { describe } from './failure.ts'
import { type Bounds, withinBounds } from './look-bounds.ts'
import { redacting, storable, storableText } from './storable.ts'

/** The largest number of replicas that is kept. */
const mostReplicas = 2_147_483_647

/** What of another side's words may come in. */
export type Border = {
  text(said: string): string
  /** Ends in what `work` gives, or in an error whose words can be kept. `what`: what was asked, for a person. */
  pass<T>(what: string, work: () => Promise<T>): Promise<T>
}

/** The border of one connection. `secrets`: what stands in none of its messages. */
export function borderOf(secrets: readonly string[]): Border {
  const redact = redacting(secrets)
  const text = (said: string) => storableText(redact(said))
  return {
    text,
    pass: async (what, work) => {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof ServiceError))
          throw new UnavailableError(text(`"${what}" could not be read: ${describe(error)}`))
        error.message = text(error.message)
        throw error
      }
    },
  }
}

/**
 * An adapter of which nothing comes that could not be kept, and each of whose answers comes within `bounds`: whatever the other side
 * says, it is one target that fails.
 */
export function bordered(
  adapter: TargetAdapter,
  label: string,
  { text, pass }: Border,
  bounds: Bounds,
): TargetAdapter {
  const of = (observation: Observation) => storableObservation(observation, label, text)
  const said = <O extends ApplyOutcome | DryRunOutcome>(outcome: O): O => ({
    ...outcome,
    raw: storable(outcome.raw, text),
    ...('message' in outcome ? { message: text(outcome.message) } : {}),
  })
  return {
    ...adapter,
    observe: () => pass(label, async () => of(await withinBounds(bounds, adapter.observe))),
    dryRun: async (lock, setPoint) => said(await withinBounds(bounds, () => adapter.dryRun(lock, setPoint))),
    apply: async (lock, setPoint): Promise<ApplyOutcome> => {
      const outcome = said(await withinBounds(bounds, () => adapter.apply(lock, setPoint)))
      if (outcome.kind !== 'applied') return outcome
      try {
        return { ...outcome, observation: of(outcome.observation) }
      } catch (error) {
        const message = text(`The write was answered; what stands after it is not known: ${describe(error)}`)
        return { kind: 'unknown', message, raw: outcome.raw }
      }
    },
  }
}

/** @throws UnavailableError where what it is known by, or a number, cannot be kept as it is: another in its place would be a lie */
function storableObservation(
  observation: Observation,
  label: string,
  text: (said: string) => string,
): Observation {
  const { version, lock, desiredReplicas, readyReplicas, awaits } = observation
  for (const known of [version, lock]) {
    if (known !== storableText(known))
      throw new UnavailableError(`"${label}" is known by a version that cannot be kept as text.`)
  }
  for (const count of [desiredReplicas, readyReplicas]) {
    if (!Number.isInteger(count) || count < 0 || count > mostReplicas)
      throw new UnavailableError(
        `"${label}" says ${count}, which is no number of replicas; 0 to ${mostReplicas} are.`,
      )
  }
  return {
    ...observation,
    awaits: awaits === null ? null : text(awaits),
    ownership: storable(observation.ownership, text),
    raw: storable(observation.raw, text),
  }
}
