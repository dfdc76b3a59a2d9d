import { InvalidInputError } from '../kernel/errors.ts'
import type { ForecasterOptions } from './forecaster.ts'
import { EXPERT_NAMES, type ExpertName } from './roster.ts'

export type EngineOptions = ForecasterOptions & {
  /** Which experts take part; all of them unless said. */
  experts?: readonly ExpertName[]
  /** Seconds after midnight UTC of the first step; 0 unless said. */
  startSeconds?: number
}

/** Options with what was left out. @throws InvalidInputError when they make no sense. */
export function completeOptions(options: EngineOptions): Required<EngineOptions> {
  const complete = {
    ...options,
    levels: [...options.levels],
    experts: [...(options.experts ?? EXPERT_NAMES)],
    startSeconds: options.startSeconds ?? 0,
  }
  assertOptions(complete)
  return complete
}

function assertOptions({ stepSeconds, horizon, levels, experts }: Required<EngineOptions>): void {
  if (!(stepSeconds > 0)) throw new InvalidInputError(`Step must be positive, got ${stepSeconds} s.`)
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > 1000) {
    throw new InvalidInputError(`Horizon must be a whole number from 1 to 1000, got ${horizon}.`)
  }
  const ordered = levels.every((level, i) => level > (levels[i - 1] ?? 0) && level < 1)
  if (!ordered || !levels.includes(0.5)) {
    throw new InvalidInputError(
      `Quantile levels must increase within (0, 1) and hold 0.5, got ${levels.join(', ')}.`,
    )
  }
  if (experts.length === 0) throw new InvalidInputError('At least one expert must take part.')
}
