import { Command } from 'commander'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { createLiveScene, type LiveScene, mapDemand } from '../jobs/testing/live-scene.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { registerReproduceCommand } from './reproduce.ts'

let database: TestDatabase
let scene: LiveScene
beforeAll(async () => {
  database = await createTestDatabase()
  await mapDemand(database.db)
  scene = await createLiveScene(database.db)
  await scene.history(40)
  await scene.turn()
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})
afterAll(() => database.dispose())

async function run(...args: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true).mockClear()
  const program = new Command().exitOverride()
  registerReproduceCommand(program, (work) => work(scene.system, ''))
  await program.parseAsync(['node', 'infrasage', 'reproduce', ...args])
  return write.mock.calls.map(([chunk]) => String(chunk)).join('')
}

test('a forecast that comes out the same says so; an altered one says where, and fails', async () => {
  const [forecast] = await scene.forecasts()
  const id = forecast?.id ?? ''
  expect(await run(id)).toMatch(
    /^SAME: Made again from the checkpoint of .+ and 0 steps after it: every byte/,
  )
  expect(process.exitCode).toBe(0)
  const snapshot = { ...(forecast?.snapshot as object), contributionLead: 0 }
  await database.db.forecast.update({ where: { id }, data: { snapshot } })
  expect(await run(id)).toMatch(/^DIFFERENT: [\s\S]+ {2}contributionLead: stored 0, made again [1-9]/)
  expect(process.exitCode).toBe(1)
  expect(JSON.parse(await run(id, '--json'))).toMatchObject({ same: false, possible: true })
  await expect(run('no-id')).rejects.toThrow(/forecastId/)
})
