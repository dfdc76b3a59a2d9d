import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { heldRise, proposalToday, publishRules, saveDraft, sharedCapacity } from './index.ts'
import { createScene } from './testing/scene.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())

test('today beside the frozen: the newest forecast speaks, the proposal stays as it was made', async () => {
  const scene = await createScene(database.db)
  const proposal = await scene.propose(10)
  const { effect } = proposal.content
  const today = () => proposalToday({ ctx: scene.system, input: { id: proposal.id } })
  expect(await today()).toMatchObject({
    known: true,
    sameForecast: true,
    sloRiskBefore: effect.sloRiskBefore,
  })

  const old = await database.db.forecast.findUniqueOrThrow({ where: { id: scene.forecastId } })
  const { forecast } = proposal.content.evidence
  scene.clock.advance(60_000)
  const calmer = forecast.leads.map((lead) => ({ ...lead, values: lead.values.map((value) => value / 3) }))
  const origin = new Date(Date.parse(forecast.origin) + 60_000)
  await database.db.forecast.create({
    data: {
      ...old,
      id: randomUUID(),
      origin,
      issuedAt: scene.clock.now(),
      snapshot: { ...forecast, origin: origin.toISOString(), leads: calmer },
    },
  })
  const now = await today()
  if (!now.known) throw new Error(now.why)
  expect(now).toMatchObject({ sameForecast: false, surgeProbability: null })
  expect(now.sloRiskBefore).toBeLessThan(effect.sloRiskBefore)
  expect(now.regretUsd).toBeLessThan(proposal.regretUsd)
})

test('the blast radius: who stands at the same offering, at the same place, and under the same limit', async () => {
  const [scene, mate, neighbour] = [
    await createScene(database.db),
    await createScene(database.db),
    await createScene(database.db),
  ]
  const { db } = database
  const proposal = await scene.propose(10)
  await db.pool.updateMany({ where: { workloadId: mate.workloadId }, data: { offeringId: scene.offeringId } })
  const { domainId } = await db.offering.findUniqueOrThrow({ where: { id: scene.offeringId } })
  await db.offering.update({ where: { id: neighbour.offeringId }, data: { domainId, hardwareClass: 'H100' } })
  const shared = () => sharedCapacity({ ctx: scene.system, input: { id: proposal.id } })
  const named = (list: Awaited<ReturnType<typeof shared>>) =>
    list.map(({ kind, workloads }) => [kind, ...workloads.map(({ name }) => name)])
  const before = await shared()
  expect(named(before)).toEqual([
    ['quota', mate.name],
    ['domain', neighbour.name],
  ])
  expect(before[0]).toMatchObject({
    used: 12,
    after: 16,
    limit: 60,
    name: 'L40S on-demand at Aster Cloud, EU West',
  })

  const admin = await scene.person('admin')
  const budget = {
    kind: 'cost-per-hour',
    name: 'chat-budget',
    enforcement: 'advisory',
    scope: { team: 'chat' },
    per: 'team',
    limitUsd: 1_000,
  } as const
  const { draftNumber } = await saveDraft({ ctx: admin, input: { rules: [budget], basedOnDraft: 0 } })
  await publishRules({ ctx: admin, input: { draftNumber, basedOnVersion: 0, reason: 'a budget' } })
  const rule = (await shared()).find(({ kind }) => kind === 'rule')
  expect(rule?.name).toBe('chat-budget (team chat)')
  expect(rule?.workloads.map(({ id }) => id)).toContain(mate.workloadId)
  expect(rule?.workloads.map(({ id }) => id)).not.toContain(scene.workloadId)
})

test('what lets no pool take more is said, and nothing while one may', async () => {
  const scene = await createScene(database.db)
  const held = () => heldRise({ ctx: scene.system, input: { workloadId: scene.workloadId } })
  expect(await held()).toEqual([])
  await scene.setPolicy({ maxReplicas: 6 })
  expect(await held()).toEqual([
    { name: 'max-replicas', published: false, message: expect.stringContaining('7') },
  ])
  const unknown = { workloadId: randomUUID() }
  await expect(heldRise({ ctx: scene.system, input: unknown })).rejects.toThrow('workload')
})
