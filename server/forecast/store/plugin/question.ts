import type { Db } from '../../../kernel/db.ts'
import type { Workload } from '../../../kernel/generated/client.ts'
import { signalCatalogue, signalName } from '../../../telemetry/contract.ts'
import { readSteps } from '../../../telemetry/index.ts'
import { DEFAULT_LEVELS } from '../../contract.ts'
import type { Question } from './ask.ts'

/** The question as of now: the newest closed steps of the demand signal. Null before the first. */
export async function questionFor(
  db: Db,
  workload: Pick<Workload, 'id' | 'name' | 'demandSignal' | 'stepSeconds'>,
  { horizon, windowSteps, now }: { horizon: number; windowSteps: number; now: Date },
): Promise<Question | null> {
  const signal = signalName.parse(workload.demandSignal)
  const stepMs = workload.stepSeconds * 1000
  // The newest step is still open, and the one before it may end later than now.
  const edge = Math.floor(now.getTime() / stepMs) * stepMs
  const steps = await readSteps(db, {
    workloadId: workload.id,
    signal,
    after: new Date(edge - (windowSteps + 2) * stepMs),
    until: now,
  })
  if (steps.length === 0) return null
  return {
    workload: { name: workload.name },
    signal,
    unit: signalCatalogue.find(({ name }) => name === signal)?.unit ?? '',
    stepSeconds: workload.stepSeconds,
    horizon,
    levels: DEFAULT_LEVELS,
    steps: steps.slice(-windowSteps),
  }
}
