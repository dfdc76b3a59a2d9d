import { InvalidInputError } from '../kernel/errors.ts'
import type { ForecasterOptions } from './forecaster.ts'
import type { BaseModel } from './neural/base-model.ts'
import { EXPERT_NAMES, type ExpertName } from './roster.ts'

export type EngineOptions = ForecasterOptions & {
  /** Which experts take part; all of them unless said. */
  experts?: readonly ExpertName[]
  /** Seconds after midnight UTC of the first step; 0 unless said. */
  startSeconds?: number
  /** Base that the neural expert starts from; the shipped one unless said. */
  base?: BaseModel
}

/** Options of an engine but for its base, which changes in the course of its life. */
export type CompleteOptions = Required<Omit<EngineOptions, 'base'>>

/** Options with what was left out. @throws InvalidInputError when they make no sense. */
export function completeOptions(options: Omit<EngineOptions, 'base'>): CompleteOptions {
  const complete = {
    ...options,
    levels: [...options.levels],
    experts: [...(options.experts ?? EXPERT_NAMES)],
    startSeconds: options.startSeconds ?? 0,
  }
  assertOptions(complete)
  return complete
}

function assertOptions({ stepSeconds, horizon, levels, experts }: CompleteOptions): void {
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
