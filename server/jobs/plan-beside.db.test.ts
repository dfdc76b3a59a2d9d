import { afterAll, beforeAll, expect, test } from 'vitest'
import { getRules, planInputNow, publishRules, saveDraft } from '../governance/index.ts'
import { createScene, type Scene } from '../governance/testing/scene.ts'
import { transact } from '../kernel/transact.ts'
import type { PlanOutcome, RuleInput } from '../plan/contract.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { planBeside } from './plan-beside.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

/** Two workloads of six replicas with a forecast that doubles, at one offering whose quota is not enough for both. */
async function sharing(quotaReplicas: number): Promise<[Scene, Scene]> {
  const { db } = database
  const first = await createScene(db)
  const second = await createScene(db)
  await db.pool.update({ where: { targetId: second.targetId }, data: { offeringId: first.offeringId } })
  await db.offering.update({ where: { id: first.offeringId }, data: { quotaReplicas } })
  return [first, second]
}

const planned = ({ system, workloadId }: Scene): Promise<PlanOutcome> =>
  transact(system, async (tx) => planBeside(system, tx, await planInputNow(tx, system, workloadId), null))

const added = (outcome: PlanOutcome) =>
  outcome.kind === 'hold'
    ? 0
    : outcome.content.actions.reduce(
        (sum, { fromReplicas, toReplicas }) => sum + toReplicas - fromReplicas,
        0,
      )

test('the plans of who shares a quota keep it together, whosever turn it is', async () => {
  const [first, second] = await sharing(16)
  const outcomes = [await planned(first), await planned(second)]
  expect(12 + outcomes.reduce((sum, outcome) => sum + added(outcome), 0)).toBeLessThanOrEqual(16)
  expect(outcomes.some(({ kind }) => kind === 'propose')).toBe(true)
})

test('published rules are held against both, whichever of them a rule is about', async () => {
  const [first, second] = await sharing(60)
  const admin = await first.person('admin')
  const { draftNumber, version } = await getRules({ ctx: admin })
  const cap: RuleInput = {
    ...({ kind: 'cost-per-hour', enforcement: 'hard-mandatory' } as const),
    name: `cap-${second.name}`,
    ...{ scope: { workload: second.name }, limitUsd: 14 },
  }
  const drafted = await saveDraft({ ctx: admin, input: { rules: [cap], basedOnDraft: draftNumber } })
  const input = { draftNumber: drafted.draftNumber, basedOnVersion: version, reason: 'a first budget' }
  await publishRules({ ctx: admin, input })
  // Six replicas at $2 stand; one more is $14.
  expect(added(await planned(second))).toBeLessThanOrEqual(1)
  expect(added(await planned(first))).toBeGreaterThan(1)
})
