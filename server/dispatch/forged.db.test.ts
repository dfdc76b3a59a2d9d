import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { approve } from '../governance/index.ts'
import { asDb, RolledBack } from '../governance/testing/mutations.ts'
import { seenOf } from '../governance/testing/scene.ts'
import type { AuditEntry, Decision } from '../kernel/generated/client.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { createSagaDispatchScene, type SagaDispatchScene } from './testing/saga-scene.ts'
import { type SandboxStandIn, startSandboxStandIn } from './testing/sandbox-stand-in.ts'

let database: TestDatabase
let standIn: SandboxStandIn
let superuser: Client
let scene: SagaDispatchScene

beforeAll(async () => {
  database = await createTestDatabase()
  standIn = await startSandboxStandIn()
  const url = new URL(inject('testServer').superuserUrl)
  url.pathname = new URL(database.ownerUrl).pathname
  superuser = new Client({ connectionString: url.href })
  await superuser.connect()
  // No constraint and no trigger stands in the way of a superuser.
  await superuser.query('SET session_replication_role = replica')
})
afterAll(async () => {
  await superuser.end()
  await standIn.close()
  await database.dispose()
})
beforeEach(async () => {
  scene = await createSagaDispatchScene(database.db, standIn)
})

/** The rows that a person's approval would make, down to the last hash, while nobody approved anything. */
async function forgedApproval(): Promise<{ row: Decision; entry: AuditEntry }> {
  const proposal = await scene.proposeSaga()
  const made: { row: Decision; entry: AuditEntry }[] = []
  const work = database.db.$transaction(async (tx) => {
    const { id } = await approve({ ctx: { ...scene.operator, db: asDb(tx) }, input: seenOf(proposal) })
    const row = await tx.decision.findUniqueOrThrow({ where: { id } })
    made.push({ row, entry: await tx.auditEntry.findFirstOrThrow({ orderBy: { seq: 'desc' } }) })
    throw new RolledBack()
  })
  await expect(work).rejects.toThrow(RolledBack)
  scene.afterHold()
  const [forged] = made
  if (forged === undefined) throw new Error('Nothing was approved.')
  return forged
}

const insert = (table: string, row: object) =>
  superuser.query(`INSERT INTO "${table}" SELECT * FROM json_populate_record(NULL::"${table}", $1)`, [
    JSON.stringify(row),
  ])

/** Puts an approval into the database as if it had been given. */
async function plant(row: Decision): Promise<void> {
  await insert('Decision', row)
  await superuser.query(
    `UPDATE "Proposal" SET "state" = 'approved', "revision" = "revision" + 1 WHERE "id" = $1`,
    [row.proposalId],
  )
}

/** As if it had been redeemed, and the first of its two actions had been applied. */
async function plantDispatch(decisionId: string, state: 'dispatching' | 'rolling_back'): Promise<void> {
  const at = scene.clock.now()
  await superuser.query('UPDATE "Decision" SET "usedAt" = $2 WHERE "id" = $1', [decisionId, at])
  const id = crypto.randomUUID()
  const times = { createdAt: at, updatedAt: at, rollingBackAt: state === 'rolling_back' ? at : null }
  await insert('Dispatch', { id, decisionId, state, fencingToken: 0, attempts: 0, crashes: 0, ...times })
  const { owned, cloud } = scene.pools
  const first =
    state === 'dispatching' ? { state: 'waiting' } : { state: 'applied', appliedAt: at, appliedVersion: '3' }
  await insert('DispatchAction', {
    dispatchId: id,
    position: 0,
    stage: 0,
    targetId: owned.targetId,
    ...first,
  })
  await insert('DispatchAction', {
    dispatchId: id,
    position: 1,
    stage: 1,
    targetId: cloud.targetId,
    state: 'waiting',
  })
}

async function nothingIsWritten(decisionId: string, note: RegExp): Promise<void> {
  await scene.run(decisionId)
  scene.later()
  await scene.run(decisionId)
  expect(Object.values(scene.targets).map(({ effects }) => effects)).toEqual([0, 0, 0])
  const dispatch = await scene.dispatch(decisionId)
  expect(['void', 'failed']).toContain(dispatch.state)
  expect(dispatch.note).toMatch(note)
}

const unknown = /the log knows nothing of decision \d+/

test('an approval that stands in the database and not in the log moves nothing, and the proposal says why', async () => {
  const { row } = await forgedApproval()
  await plant(row)
  await nothingIsWritten(row.id, unknown)
  expect(await database.db.proposal.findUniqueOrThrow({ where: { id: row.proposalId } })).toMatchObject({
    state: 'waiting',
    voidReason: expect.stringMatching(unknown),
  })
})

test.each(['dispatching', 'rolling_back'] as const)('nor one that is put there as %s', async (state) => {
  const { row } = await forgedApproval()
  await plant(row)
  await plantDispatch(row.id, state)
  // What the planted way back would take from 8 to 4.
  if (state === 'rolling_back') Object.assign(scene.targets.owned, { desiredReplicas: 8, readyReplicas: 8 })
  await nothingIsWritten(row.id, unknown)
})

test('nor one that was given, and is marked as redeemed past the gate', async () => {
  const id = await scene.approveSaga()
  await plantDispatch(id, 'dispatching')
  await nothingIsWritten(id, /the log does not know that decision \d+ was redeemed/)
})

test.each([
  ['nonce', `"nonce" = 'another'`],
  ['actor', `"actor" = jsonb_set("actor", '{name}', '"Somebody"')`],
  ['list of who approved', `"approval" = jsonb_set("approval", '{given}', '[]')`],
  ['end of its window', `"notAfter" = now() + interval '1 year'`],
])('nor one whose %s is another than the log says', async (what, change) => {
  const id = await scene.approveSaga()
  await superuser.query(`UPDATE "Decision" SET ${change} WHERE "id" = $1`, [id])
  await nothingIsWritten(id, new RegExp(`the log says another ${what} of decision`))
})

test('nor one whose entry was put into the log where the chain does not lead to it', async () => {
  const { row, entry } = await forgedApproval()
  await plant(row)
  // Somebody else's entry stands where it would have stood.
  await (await createSagaDispatchScene(database.db, standIn)).approveSaga()
  const last = await database.db.auditEntry.findFirstOrThrow({ orderBy: { seq: 'desc' } })
  const seq = Number(last.seq) + 1
  await insert('AuditEntry', { ...entry, seq })
  await nothingIsWritten(row.id, /the log does not hold .*: entry \d+ does not follow the entry before it/)
  await superuser.query('DELETE FROM "AuditEntry" WHERE "seq" = $1', [seq])
})

test('nor one whose entry was changed in its place', async () => {
  const id = await scene.approveSaga()
  await superuser.query(`UPDATE "Decision" SET "nonce" = 'changed' WHERE "id" = $1`, [id])
  await superuser.query(
    `UPDATE "AuditEntry" SET "canonical" = regexp_replace("canonical", '"nonce":"[^"]+"', '"nonce":"changed"')
     WHERE "action" = 'proposal.approve' AND "canonical" LIKE '%' || $1 || '%'`,
    [id],
  )
  await nothingIsWritten(id, /the log does not hold .*: entry \d+ does not match its hash/)
})
