import { afterAll, beforeAll, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { playScene } from './testing/play-scene.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

test.each((process.env.SCENES ?? 'bursting-inference').split(','))(
  '%s',
  { timeout: 300_000 },
  async (name) => {
    const played = await playScene(database.db, name)
    const t0 = performance.now()
    await played.send()
    console.log('sent', performance.now() - t0)
    console.log(await played.turn(), performance.now() - t0)
    for (let i = 0; i < Number(process.env.ROUNDS ?? 8); i++) {
      console.log(played.clock.now(), await played.pass(60, 4), performance.now() - t0)
      for (const p of await played.waiting())
        console.log(
          p.number,
          p.workload.name,
          p.summary,
          p.content.actions.map((a) =>
            [a.stage, a.kind, a.targetName, a.fromReplicas, a.toReplicas].join(' '),
          ),
        )
      const forecast = await database.db.forecast.findFirst({ orderBy: { issuedAt: 'desc' } })
      const snap = forecast?.snapshot as { levels: number[]; leads: { at: string; values: number[] }[] }
      console.log(
        snap.leads
          .filter((_, k) => k % 10 === 0)
          .map(
            (l) =>
              `${l.at.slice(14, 19)} ${l.values[Math.floor(snap.levels.length / 2)]?.toFixed(0)}/${l.values[snap.levels.length - 2]?.toFixed(0)}`,
          )
          .join('  '),
      )
      const { actual, undisturbed } = played.world.compare(played.world.services[0]?.target ?? '')
      console.log(actual, undisturbed)
    }
    played.close()
  },
)
