import fc from 'fast-check'
import { type ReplayConfig, replayConfig } from '../config.ts'
import { sceneOf } from '../replay.ts'
import type { Scene } from '../simulate.ts'
import type { Trace } from '../trace.ts'

export type SomeDemand = { demand: readonly number[]; gaps?: readonly number[]; stepSeconds?: number }

export function traceFrom({ demand, gaps = [], stepSeconds = 60 }: SomeDemand): Trace {
  const gap = Uint8Array.from(demand, (_, i) => (i > 0 && gaps.includes(i) ? 1 : 0))
  return { seriesId: 'made', startSeconds: 0, stepSeconds, demand: Float64Array.from(demand), gap }
}

/** A scene of made demand; one unit per second per replica unless said otherwise. */
export function sceneFrom(
  made: SomeDemand,
  config: Partial<Record<keyof ReplayConfig, unknown>> = {},
): Scene {
  return sceneOf(traceFrom(made), replayConfig.parse({ capacityPerReplica: 1, ...config }))
}

/** Demand with a daily swing, noise and a burst, without any randomness of its own. */
export function wavyDemand(steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => {
    const wave = 20 + 12 * Math.sin((2 * Math.PI * i) / 96) + 3 * Math.sin(i * 12.9898)
    return i % 131 > 120 ? 2.5 * wave : wave
  })
}

const demandValue = fc.double({ min: 0, max: 30, noNaN: true })

/** Any demand, with gaps, under any terms that a configuration allows within reason. */
export const anyScene = fc
  .record({
    demand: fc.array(demandValue, { minLength: 4, maxLength: 80 }),
    gaps: fc.array(fc.nat({ max: 79 }), { maxLength: 6 }),
    stepSeconds: fc.constantFrom(10, 60, 300, 600),
    config: fc.record({
      capacityPerReplica: fc.double({ min: 0.5, max: 4, noNaN: true }),
      leadTimeSeconds: fc.oneof(fc.integer({ min: 0, max: 900 }), fc.constant([30, 120, 600])),
      leadSeed: fc.nat(),
      approvalDelaySeconds: fc.constantFrom(0, 0, 45, 600),
      removeDelaySeconds: fc.constantFrom(0, 0, 120),
      penaltyPerReplicaHourShort: fc.double({ min: 1.5, max: 100, noNaN: true }),
      shortfallUtilisation: fc.double({ min: 0.5, max: 1, noNaN: true }),
      minReplicas: fc.integer({ min: 1, max: 3 }),
      maxReplicas: fc.integer({ min: 3, max: 40 }),
      startCost: fc.constantFrom(0, 0.3),
      removeCost: fc.constantFrom(0, 0.2),
      evalFrom: fc.constantFrom(0, 0.5),
    }),
  })
  .map(({ config, ...made }) => sceneFrom(made, config))
