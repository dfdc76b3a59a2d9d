import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import { waitingCostUsd } from '../plan/contract.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import type { DecisionQuery, ProposalQuery } from './contract.ts'
import {
  approve,
  countProposals,
  getDecision,
  getProposal,
  listDecisions,
  listProposals,
  reject,
} from './index.ts'
import { createScene, type Scene, seenOf } from './testing/scene.ts'

let database: TestDatabase
let scenes: Scene[]
let ctx: Context

beforeAll(async () => {
  database = await createTestDatabase()
  scenes = []
  for (const to of [8, 12, 10, 9, 11]) {
    const scene = await createScene(database.db)
    scene.clock.advance(scenes.length * 1_000)
    await scene.propose(to)
    scenes.push(scene)
  }
})
afterAll(() => database.dispose())
beforeEach(async () => {
  const [scene] = scenes
  if (!scene) throw new Error('no scene')
  ctx = await scene.person('auditor')
})

async function pages(query: ProposalQuery) {
  const rows = []
  let cursor: string | undefined
  do {
    const page = await listProposals({ ctx, input: { ...query, limit: 2, cursor } })
    rows.push(...page.rows)
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  return rows
}

describe('the inbox', () => {
  test('is sorted as asked and read page by page, each row once', async () => {
    const byCost = await pages({ sort: 'costChangePerHourUsd', order: 'desc' })
    expect(byCost.map((row) => row.toReplicas)).toEqual([12, 11, 10, 9, 8])
    const byAge = await pages({ sort: 'createdAt' })
    expect(byAge.map((row) => row.toReplicas)).toEqual([8, 12, 10, 9, 11])
    const byDeadline = await pages({})
    expect(byDeadline.map((row) => row.actBy)).toEqual(byDeadline.map((row) => row.actBy).sort())
    expect(new Set(byDeadline.map((row) => row.id)).size).toBe(5)
  })

  test('puts what costs most to leave first: sooner or dearer, as of the first page', async () => {
    const rows = await pages({ sort: 'waitingCost' })
    const costs = rows.map((row) => waitingCostUsd(row, ctx.clock.now().getTime()))
    expect(costs).toEqual([...costs].sort((a, b) => b - a))
    expect(costs[0]).toBeGreaterThan(0)
    const [first] = rows
    if (!first) throw new Error('no row')
    const later = new Date(Date.parse(first.actBy) + 3_600_000)
    await database.db.proposal.update({ where: { id: first.id }, data: { actBy: later } })
    const [, ...rest] = rows.map(({ id }) => id)
    expect((await pages({ sort: 'waitingCost' })).map(({ id }) => id)).toEqual([...rest, first.id])
    await database.db.proposal.update({ where: { id: first.id }, data: { actBy: new Date(first.actBy) } })
  })

  test('refuses a cursor of another list, and what is none', async () => {
    const { nextCursor } = await listProposals({ ctx, input: { limit: 2 } })
    const cursor = nextCursor ?? ''
    await expect(listProposals({ ctx, input: { sort: 'createdAt', cursor } })).rejects.toThrow('by actBy')
    await expect(listProposals({ ctx, input: { cursor: 'abc' } })).rejects.toThrow('not one that was given')
  })

  test('is searched by number, workload and words, and narrowed', async () => {
    const [row] = await pages({})
    if (!row) throw new Error('no row')
    const found = async (query: ProposalQuery) => (await pages(query)).map(({ id }) => id)
    expect(await found({ search: `#${row.number}`, state: ['waiting'] })).toContain(row.id)
    expect(await found({ search: row.workload.name.toUpperCase() })).toEqual([row.id])
    expect(await found({ search: 'no such thing' })).toEqual([])
    expect(await found({ workloadId: row.workload.id })).toEqual([row.id])
    expect(await found({ environment: 'staging' })).toEqual([])
    expect(await found({ change: 'down' })).toEqual([])
    expect(await found({ search: '__' })).toEqual([])
    expect(await found({ state: ['rejected'] })).toEqual([])
  })

  test('counts what waits, and says no to nobody', async () => {
    expect(await countProposals({ ctx })).toEqual({ waiting: 5, snoozed: 0 })
    const nobody: Context = { ...ctx, actor: { kind: 'anonymous' } }
    await expect(listProposals({ ctx: nobody, input: {} })).rejects.toThrow('Sign in')
    await expect(getProposal({ ctx, input: { id: crypto.randomUUID() } })).rejects.toThrow(
      'There is no proposal',
    )
  })
})

describe('the decision log', () => {
  test('shows who decided what, page by page, and how similar proposals turned out', async () => {
    const scene = await createScene(database.db)
    const operator = await scene.person('operator')
    for (const to of [10, 11, 12]) {
      const proposal = await scene.propose(to)
      scene.clock.advance(1_000)
      if (to < 12) await reject({ ctx: operator, input: { ...seenOf(proposal), reason: `not ${to}` } })
      else await approve({ ctx: operator, input: seenOf(proposal) })
    }
    const list = (query: DecisionQuery) =>
      listDecisions({ ctx, input: { workloadId: scene.workloadId, ...query } })

    const first = await list({ limit: 2 })
    expect(first.rows).toMatchObject([
      { kind: 'approve', who: 'Test operator (operator)', dispatchState: 'pending' },
      { kind: 'reject', reason: 'not 11', dispatchState: null },
    ])
    const rest = await list({ limit: 2, beforeNumber: first.nextBeforeNumber ?? undefined })
    expect(rest).toMatchObject({ rows: [{ reason: 'not 10' }], nextBeforeNumber: null })
    expect((await list({ kind: ['reject'] })).rows).toHaveLength(2)
    expect((await list({ search: 'not 11' })).rows).toHaveLength(1)
    expect((await list({ sort: 'costChangePerHourUsd', order: 'asc' })).rows[0]?.reason).toBe('not 10')
    expect((await list({ to: '2026-03-02T09:00:02.000Z' })).rows).toHaveLength(1)

    const newest = first.rows[0]
    if (!newest) throw new Error('no decision')
    const { similar } = await getProposal({ ctx, input: { id: newest.proposalId } })
    expect(similar).toEqual({ count: 2, approved: 0, overridden: 0, rejected: 2 })
    await expect(getDecision({ ctx, input: { id: crypto.randomUUID() } })).rejects.toThrow(
      'There is no decision',
    )
  })
})
