import { afterAll, beforeAll, expect, test } from 'vitest'
import { listProposals, reject } from '../../governance/index.ts'
import { controllerStates } from '../../plan/index.ts'
import { createTestDatabase, type TestDatabase } from '../testing/index.ts'
import { type PlayedScene, playScene } from './testing/play-scene.ts'

let database: TestDatabase
let played: PlayedScene
beforeAll(async () => {
  database = await createTestDatabase()
  played = await playScene(database.db, 'looping-job')
  await played.send()
  await played.turn()
}, 120_000)
afterAll(async () => {
  played.close()
  await database.dispose()
})

const harms = () => database.db.harmfulSpan.findMany({ orderBy: { since: 'asc' } })
const workers = () => played.world.compare('invoice-extract-workers')
/** What the model was taught of each step since the scene began; null for a gap. */
const taught = async () => {
  const inputs = await database.db.modelInput.findMany({ orderBy: { trainedTo: 'asc' } })
  return inputs.flatMap(({ values }) => {
    const bytes = new Uint8Array(values)
    const numbers = [...new Float64Array(bytes.buffer)]
    return numbers.map((value) => (Number.isNaN(value) ? null : value))
  })
}

/** Steps that the controller was judged by. */
const judged = async () => {
  const [controller] = await controllerStates({ ctx: played.operator, input: {} })
  return controller?.steps ?? 0
}

test('a looping submission is not scaled for, offered for cancelling, and gone once that is approved', {
  timeout: 120_000,
}, async () => {
  await played.pass(60)
  expect(await played.waiting()).toEqual([])
  const judgedBefore = await judged()

  const outcomes = await played.pass(105)
  expect(workers().actual.demand).toBeGreaterThan(20)
  expect(outcomes['invoice-extract']).toMatch(/^invoice-extract: cancel invoice-extract-resubmitter/)
  const [proposal, ...others] = await played.waiting()
  expect(others).toEqual([])
  if (!proposal) throw new Error('nothing was proposed')
  expect(proposal.content).toMatchObject({
    purpose: 'stop-harm',
    direction: 'stop',
    inverse: null,
    actions: [{ kind: 'cancel', targetName: 'invoice-extract-resubmitter', fromReplicas: 1, toReplicas: 0 }],
  })
  expect(proposal.content.reasons.slice(0, 3).join(' ')).toMatch(
    /jobs\/s are submitted instead of .* what came on top fails.*stay near.*the same job comes again and again/,
  )
  const [harm] = await harms()
  expect(harm?.since.getTime()).toBeLessThan(harm?.detectedAt.getTime() ?? 0)
  // Seven steps went by, and the loop is in all but the first of them.
  expect(await judged()).toBeLessThanOrEqual(judgedBefore + 2)
  expect(Math.max(...(await taught()).map((value) => value ?? 0))).toBeLessThan(16)

  expect(await played.carryOut(await played.approve(proposal))).toBe('verified')
  await played.pass(75)
  const { actual, undisturbed } = workers()
  expect(actual.demand).toBeLessThan(13)
  expect(undisturbed.demand).toBeGreaterThan(20)
  expect((await harms())[0]?.until).not.toBeNull()
  expect(await played.waiting()).toEqual([])
  const { rows } = await listProposals({ ctx: played.operator, input: {} })
  expect(rows.filter(({ direction }) => direction === 'up')).toEqual([])
  expect((await taught()).at(-1)).toBeGreaterThan(5)
  expect(await judged()).toBeGreaterThan(judgedBefore + 2)
})

test('stopped, the scene leaves the screens and not the log; started again, it has names of its own, and a person may say that it is demand', {
  timeout: 120_000,
}, async () => {
  const ended = await played.stop()
  expect(ended).toMatchObject({ state: 'ended', run: 1, workloads: [] })
  const again = await played.start()
  expect(again).toMatchObject({ state: 'running', run: 2, workloads: [{ name: 'invoice-extract-2' }] })
  expect(await played.start()).toMatchObject({ run: 2 })
  const actions = await database.db.auditEntry.findMany({
    where: { subject: 'scene/looping-job' },
    orderBy: { seq: 'asc' },
  })
  expect(actions.map(({ action }) => action)).toEqual(['scene.started', 'scene.stopped', 'scene.started'])

  const second = await played.rejoin()
  await second.send()
  await second.turn()
  await second.pass(165)
  const [proposal] = await second.waiting()
  if (!proposal) throw new Error('nothing was proposed')
  const { id: proposalId, revision, contentHash } = proposal
  const reason = 'These are the retries that I ordered.'
  await reject({ ctx: second.operator, input: { proposalId, revision, contentHash, reason } })
  const [span] = (await harms()).slice(-1)
  expect(span?.dismissedAt).not.toBeNull()
  await second.pass(45)
  expect((await second.waiting()).filter(({ content }) => content.purpose === 'stop-harm')).toEqual([])
  expect((await taught()).at(-1)).toBeGreaterThan(20)
})
