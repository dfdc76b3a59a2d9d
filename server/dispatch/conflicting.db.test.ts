import { afterAll, beforeAll, expect, test } from 'vitest'
import { approve } from '../governance/index.ts'
import { seenOf } from '../governance/testing/scene.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { type SandboxStandIn, startSandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene, type DispatchScene } from './testing/scene.ts'

let database: TestDatabase
let standIn: SandboxStandIn
let scene: DispatchScene

beforeAll(async () => {
  database = await createTestDatabase()
  standIn = await startSandboxStandIn()
})
afterAll(async () => {
  await standIn.close()
  await database.dispose()
})

/** Three approvals on one version of one target, each for the same window; returned when it has begun. */
async function approveThree(): Promise<[string, string, string]> {
  scene = await createDispatchScene(database.db, standIn)
  const begin = scene.clock.now().getTime() + 120_000
  const window = {
    notBefore: new Date(begin).toISOString(),
    notAfter: new Date(begin + 600_000).toISOString(),
  }
  const approved = async (level: number): Promise<string> => {
    const seen = seenOf(await scene.propose(level))
    return (await approve({ ctx: scene.operator, input: { ...seen, window } })).id
  }
  const three: [string, string, string] = [await approved(8), await approved(9), await approved(10)]
  scene.later(121)
  return three
}

test.each([
  ['the oldest first', async (ids: string[]) => void (await runInTurn(ids))],
  ['all at once', async (ids: string[]) => void (await Promise.all(ids.map((id) => scene.run(id))))],
])(
  'of approvals on the same version the newest is carried out and the others are void: %s',
  async (_, deliver) => {
    const [first, second, newest] = await approveThree()
    await deliver([first, second, newest])
    // What met the rate of the connection comes again.
    scene.later()
    await runInTurn([first, second, newest])

    expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1 })
    expect(await scene.dispatch(newest)).toMatchObject({ state: 'applied' })
    for (const id of [first, second]) {
      const { state, note } = await scene.dispatch(id)
      expect(state).toBe('void')
      expect(note).toMatch(
        /^The approval is void: (#\d+ was approved later for the same target|the target was changed)/,
      )
    }
  },
)

async function runInTurn(ids: string[]): Promise<void> {
  for (const id of ids) await scene.run(id)
}

test('what had read the target before the newest wrote it is void as well', async () => {
  const [first, , newest] = await approveThree()
  await scene.run(newest)
  // As it stood when the worker of the first one read it.
  Object.assign(scene.target, { version: 7, desiredReplicas: 6 })
  await scene.run(first)

  expect(await scene.dispatch(first)).toMatchObject({
    state: 'void',
    note: expect.stringMatching(/^The approval is void: #\d+ was approved later for the same target/),
  })
  expect(scene.target.effects).toBe(1)
})
