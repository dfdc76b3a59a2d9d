import pg from 'pg'
import { createDb, type Db } from '../../kernel/db.ts'
import { transact } from '../../kernel/transact.ts'
import type { RuleInput } from '../../plan/contract.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import { approve, publishRules, redeem, resume, saveDraft } from '../index.ts'
import { explainTo, hearPlans, report } from './explained.ts'
import { fillHistory, fillPlaces } from './fill-history.ts'
import { fillProposals, fillWorkloads } from './fill-inbox.ts'
import { createScene, type Scene, seenOf } from './scene.ts'

/**
 * Says what each statement of approving, redeeming and resuming looks at after many decisions, as Postgres carried it out: with plans kept
 * from when the database was empty, without statistics, as after a restore, and with them. Fails where one reads through the past:
 * `npm run check:history [decisions]`.
 */

const decisions = Number(process.argv[2] ?? 10_000)
const workloads = 100
/** One in ten was never used, and each is looked at; much more than that is the past. */
const most = decisions / 5
const warm = 4

const rule: RuleInput = {
  ...{ name: 'team-spend', kind: 'cost-per-hour', enforcement: 'hard-mandatory', note: '' },
  ...{ scope: {}, per: 'team', limitUsd: 1_000_000 },
}

const findings: string[] = []
const tell = (verb: string) => findings.push(...report(verb, most))

async function decide(scene: Scene, toReplicas: number): Promise<string> {
  const input = seenOf(await scene.propose(toReplicas))
  const ctx = await scene.person('operator')
  hearPlans()
  return (await approve({ ctx, input })).id
}

async function redeemed({ system, targetId, dispatched }: Scene, decisionId: string): Promise<void> {
  await dispatched(decisionId, 'pending')
  const observed = [{ targetId, observedVersion: '7' }]
  hearPlans()
  const { kind } = await transact(system, (tx) =>
    redeem({ ctx: system, tx, input: { decisionId, observed } }),
  )
  if (kind !== 'approved') throw new Error(`redeemed as ${kind}`)
}

async function round(scene: Scene, toReplicas: number, told: boolean): Promise<void> {
  const { system: ctx } = scene
  const decisionId = await decide(scene, toReplicas)
  if (told) tell('approve')
  scene.afterHold()
  await redeemed(scene, decisionId)
  if (told) tell('redeem')
  await scene.dispatched(decisionId, 'dispatching')
  hearPlans()
  await transact(ctx, (tx) => resume({ ctx, tx, input: { decisionId, again: false } }))
  if (told) tell('resume')
  await scene.dispatched(decisionId, 'verified')
}

async function rounds(scene: Scene, title: string, before: number): Promise<void> {
  console.log(`\n${title}\n`)
  for (let i = 0; i < before; i++) await round(scene, 7 + (i % 3), false)
  await round(scene, 10, true)
}

async function publish(scene: Scene): Promise<void> {
  const ctx = await scene.person('admin')
  const saved = await saveDraft({ ctx, input: { rules: [rule], basedOnDraft: 0 } })
  await publishRules({ ctx, input: { ...saved, basedOnVersion: 0, reason: 'what several share' } })
}

async function fill(db: Db, scene: Scene): Promise<void> {
  const decisionId = await decide(scene, 10)
  await scene.dispatched(decisionId, 'verified')
  await fillWorkloads(db, workloads)
  await fillPlaces(db, scene.workloadId)
  await fillHistory(db, decisionId, decisions)
  const { id } = await scene.propose(12)
  await fillProposals(db, id, decisions / 10, 'waiting')
}

await withThrowawayDatabase(async (appUrl, { superuserUrl }) => {
  const superuser = new pg.Client(superuserUrl)
  await superuser.connect()
  await superuser.query('ALTER SYSTEM SET autovacuum = off')
  await superuser.query('SELECT pg_reload_conf()')
  // One connection each, so that all of its statements are prepared on it.
  const [filling, early, restored, usual] = [1, 2, 3, 4].map(() => createDb(appUrl, 1)) as [Db, Db, Db, Db]
  try {
    const filled = await createScene(filling)
    await publish(filled)
    await explainTo(superuser)
    const kept = await createScene(early)
    const [unknown, known] = [await createScene(restored), await createScene(usual)]
    await filling.pool.updateMany({ data: { offeringId: filled.offeringId } })
    await filling.offering.updateMany({ data: { quotaReplicas: 10_000 } })
    await rounds(kept, '## Before there is a past', warm)
    const alive = setInterval(() => void early.$queryRaw`SELECT 1`, 3_000)
    await fill(filling, filled)
    clearInterval(alive)
    await rounds(kept, '## Plans from before, no statistics', 0)
    await rounds(unknown, '## New connections, no statistics', warm)
    await superuser.query('ANALYZE')
    await rounds(kept, '## Statistics, the same connections', warm)
    await rounds(known, '## Statistics, new connections', warm)
  } finally {
    for (const db of [filling, early, restored, usual]) await db.$disconnect()
    await superuser.end()
  }
}, false)

for (const finding of findings) console.error(`Reads through the past: ${finding}`)
process.exitCode = findings.length === 0 ? 0 : 1
