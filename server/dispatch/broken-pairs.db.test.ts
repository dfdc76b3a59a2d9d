import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { append } from '../audit/index.ts'
import { transact } from '../kernel/transact.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { brokenPairs } from './testing/broken-pairs.ts'
import { type SandboxStandIn, startSandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene } from './testing/scene.ts'

let database: TestDatabase
let standIn: SandboxStandIn

beforeAll(async () => {
  database = await createTestDatabase()
  standIn = await startSandboxStandIn()
})
afterAll(async () => {
  await standIn.close()
  await database.dispose()
})

test('rows and log say the same of a dispatch to its end, and what only one of them says is named', async () => {
  const { db } = database
  const scene = await createDispatchScene(db, standIn)
  const decisionId = await scene.approve(10)
  await scene.run(decisionId)
  scene.target.readyReplicas = 10
  scene.later()
  await scene.run(decisionId)
  const other = await scene.approve(12)
  expect(await brokenPairs(db)).toEqual([])

  // A change without its entry, an entry without its change, and a state that the log does not know.
  const row = await db.decision.findUniqueOrThrow({ where: { id: other } })
  const [stray, unmade] = [randomUUID(), randomUUID()]
  const kept = JSON.parse(JSON.stringify({ actor: row.actor, seen: row.seen }))
  const { proposalId, contentHash, at } = row
  await db.decision.create({ data: { id: stray, kind: 'reject', proposalId, contentHash, at, ...kept } })
  await transact(scene.system, (tx) =>
    append(tx, scene.system, {
      ...{ stage: 'dispatch', action: 'dispatch.started', subject: `decision/${other}` },
      body: { dispatchId: unmade },
    }),
  )
  await db.dispatch.update({ where: { decisionId }, data: { state: 'failed' } })

  expect(await brokenPairs(db)).toEqual([
    `decision ${stray}: 1 rows, 0 entries`,
    expect.stringContaining(`is about dispatch ${unmade} of decision/${other}, which is not there`),
    expect.stringMatching(/: state failed in the rows, verified in the log$/),
  ])
})
