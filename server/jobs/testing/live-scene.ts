import type { EngineCache } from '../../forecast/index.ts'
import { createScene } from '../../governance/testing/scene.ts'
import type { Db } from '../../kernel/db.ts'
import { createMapping, write } from '../../telemetry/index.ts'
import { advance } from '../advance.ts'

const minuteMs = 60_000

/** Lets the metric `rps` of the label `workload` be the demand; once for each database. */
export async function mapDemand(db: Db): Promise<void> {
  const { system } = await createScene(db)
  await createMapping({
    ctx: system,
    input: {
      ...{ priority: 1, metric: 'rps', matchLabels: {}, workloadLabel: 'workload', workloadName: null },
      ...{ signal: 'requests_per_second', kind: 'gauge', scale: 1 },
    },
  })
}

/** A scene without the forecast that it comes with, whose demand is measured each minute and that takes turns of the flow. */
export async function createLiveScene(db: Db, cache?: EngineCache) {
  const scene = await createScene(db)
  const { workloadId, clock, system, name } = scene
  await db.forecast.deleteMany({ where: { workloadId } })
  const demand = (at: number) => 30 + 7 * Math.sin(at / minuteMs / 9) + ((at / minuteMs) % 7) / 3
  const measure = (samples: { at: number; value: number }[]) =>
    write({
      ctx: system,
      input: { series: [{ metric: 'rps', labels: { workload: name }, samples }], source: 'remote_write' },
    })
  const turn = () => advance({ ctx: system, input: { workloadId } }, cache)
  return {
    ...scene,
    turn,
    sample: (at: number, value: number) => measure([{ at, value }]),
    /** Lets that many minutes pass, with a turn after each; two in eleven are not measured. */
    live: async (minutes: number) => {
      for (let i = 0; i < minutes; i++) {
        clock.advance(minuteMs)
        const at = clock.now().getTime()
        if ((at / minuteMs) % 11 > 1) await measure([{ at, value: demand(at) }])
        await turn()
      }
    },
    /** Demand of `minutes` up to `endedMinutesAgo`. */
    history: async (minutes: number, endedMinutesAgo = 1) => {
      const last = clock.now().getTime() - endedMinutesAgo * minuteMs
      const times = Array.from({ length: minutes }, (_, i) => last - (minutes - 1 - i) * minuteMs)
      await measure(times.map((at) => ({ at, value: demand(at) })))
    },
    forecasts: () => db.forecast.findMany({ where: { workloadId }, orderBy: { origin: 'asc' } }),
    model: () => db.modelState.findFirstOrThrow({ where: { workloadId } }),
    checkpoints: () => db.modelCheckpoint.count({ where: { workloadId } }),
  }
}

export type LiveScene = Awaited<ReturnType<typeof createLiveScene>>
