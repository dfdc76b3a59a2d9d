import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../kernel/context.ts'
import { transact } from '../kernel/transact.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import {
  approve,
  confirmAutonomy,
  decideByRule,
  expireDue,
  getProposal,
  getSwitch,
  keepAutonomy,
  listAutonomy,
  redeem,
  setSwitch,
  undo,
} from './index.ts'
import { publishRulesOfApproval } from './testing/approvals.ts'
import { createScene, type Scene, seenOf } from './testing/scene.ts'

let database: TestDatabase
let scene: Scene
let admin: Context
let ann: Context
let ben: Context

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  scene = await createScene(database.db)
  admin = await scene.person('admin')
  ;[ann, ben] = [await scene.person('operator'), await scene.person('operator')]
})

const here = () => ({ workload: scene.name })
const current = (id: string, ctx = scene.system) => getProposal({ ctx, input: { id } })
const redeemNow = (decisionId: string) =>
  transact(scene.system, (tx) =>
    redeem({
      ctx: scene.system,
      tx,
      input: { decisionId, observed: [{ targetId: scene.targetId, observedVersion: '7' }] },
    }),
  )

describe('the one switch', () => {
  const turn = async (engaged: boolean, ctx: Context) =>
    setSwitch({ ctx, input: { engaged, reason: 'a bad deploy', basedOn: (await getSwitch({ ctx })).number } })

  test('stops what was approved, says who and why, and lets it go on', async () => {
    const decision = await approve({ ctx: ann, input: seenOf(await scene.propose(10)) })
    scene.afterHold()
    await turn(true, ann)
    expect(await redeemNow(decision.id)).toMatchObject({
      kind: 'halted',
      reason: expect.stringMatching(/stopped by Test operator \(operator\).*a bad deploy/),
    })
    await expect(turn(true, ben)).rejects.toThrow('stopped already')
    await expect(turn(false, ben)).rejects.toThrow('dispatch.release')
    await turn(false, admin)
    expect(await redeemNow(decision.id)).toMatchObject({ kind: 'approved' })
  })

  test('wins or loses against a redemption, and nothing is redeemed after it has returned', async () => {
    const scenes = await Promise.all(Array.from({ length: 6 }, () => createScene(database.db)))
    const jobs = await Promise.all(
      scenes.map(async (own) => {
        const ctx = await own.person('operator')
        const { id } = await approve({ ctx, input: seenOf(await own.propose(10)) })
        own.afterHold()
        return { own, id }
      }),
    )
    let stoppedAt = Number.POSITIVE_INFINITY
    const stop = turn(true, ann).then(() => {
      stoppedAt = performance.now()
    })
    const results = await Promise.all(
      jobs.map(({ own, id }) =>
        transact(own.system, async (tx) => {
          const observed = [{ targetId: own.targetId, observedVersion: '7' }]
          const result = await redeem({ ctx: own.system, tx, input: { decisionId: id, observed } })
          return { kind: result.kind, stopped: stoppedAt < performance.now() }
        }),
      ),
    )
    await stop
    for (const { kind, stopped } of results) if (stopped) expect(kind).toBe('halted')
    const used = await database.db.decision.count({
      where: { id: { in: jobs.map(({ id }) => id) }, usedAt: { not: null } },
    })
    expect(used).toBe(results.filter(({ kind }) => kind === 'approved').length)
    await turn(false, admin)
  })
})

describe('an approval can be taken back, or waits for its window', () => {
  test('undone within the hold, it waits again and gives no right', async () => {
    const proposal = await scene.propose(10)
    const decision = await approve({ ctx: ann, input: seenOf(proposal) })
    expect(await redeemNow(decision.id)).toMatchObject({ kind: 'later' })
    expect((await current(proposal.id)).undo?.decisionId).toBe(decision.id)
    const back = await undo({ ctx: ben, input: { decisionId: decision.id, reason: 'the wrong one' } })
    expect(back).toMatchObject({ state: 'waiting', undo: null })
    scene.afterHold()
    expect(await redeemNow(decision.id)).toMatchObject({ kind: 'void' })
    const again = await approve({ ctx: ann, input: seenOf(back) })
    scene.afterHold()
    expect(await redeemNow(again.id)).toMatchObject({ kind: 'approved' })
    await expect(undo({ ctx: ben, input: { decisionId: again.id, reason: 'too late' } })).rejects.toThrow(
      'roll it back',
    )
  })

  test('approved for a window, it is carried out in it and not after it, and what it binds is checked then', async () => {
    const at = (minutes: number) => new Date(scene.clock.now().getTime() + minutes * 60_000).toISOString()
    const window = { notBefore: at(120), notAfter: at(180) }
    const decision = await approve({ ctx: ann, input: { ...seenOf(await scene.propose(10)), window } })
    expect(decision).toMatchObject(window)
    const held = await scene.publish(await scene.planned(10))
    expect(held).toMatchObject({
      kind: 'held',
      reason: expect.stringContaining('is approved and carried out at'),
    })
    scene.clock.advance(60 * 60_000)
    expect(await redeemNow(decision.id)).toMatchObject({ kind: 'later' })
    scene.clock.advance(150 * 60_000)
    expect(await redeemNow(decision.id)).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining('its window was over'),
    })
    const past = { notAfter: new Date(scene.clock.now().getTime() - 1).toISOString() }
    const other = await scene.propose(11)
    await expect(approve({ ctx: ann, input: { ...seenOf(other), window: past } })).rejects.toThrow(
      'The window is over',
    )
  })
})

describe('rules that decide', () => {
  const bounds = { maxChange: 6, maxCostChangePerHourUsd: 10, minConfidence: 0.5 }
  const auto = () => ({ name: 'small-rises', scope: here(), level: 'automatic' as const, bounds })
  const earned = { minDecisions: 1, minCoverage: 0, minGoodOutcomes: 0.5 }

  /** One good decision of a person, so that the class is eligible. */
  const earn = async (ctx = ann) => {
    const proposal = await scene.propose(9)
    const { id } = await approve({ ctx, input: seenOf(proposal) })
    await scene.dispatched(id, 'verified')
    await scene.accounted(id, true)
    await database.db.$executeRaw`
      UPDATE "Forecast" SET "snapshot" = "snapshot" || '{"coverage90": 0.93, "coverageCount": 400}'::jsonb
      WHERE "id" = ${scene.forecastId}::uuid`
  }

  test('approve within their bounds once it was earned and confirmed, as the actor, through the same verb', async () => {
    await scene.setPolicy({ automationLevel: 'automatic' })
    await publishRulesOfApproval(admin, { automation: [auto()], earned })
    const early = await scene.propose(10)
    expect(early.automation).toMatchObject({
      level: 'automatic',
      held: expect.stringContaining('Nobody confirmed yet'),
    })
    expect(await decideByRule({ ctx: scene.system })).toBe(0)
    await earn()
    const of = { workloadId: scene.workloadId, kind: 'scale' as const }
    await confirmAutonomy({ ctx: admin, input: { ...of, reason: 'two good weeks' } })
    const proposal = await scene.propose(10)
    expect(await decideByRule({ ctx: scene.system })).toBe(1)
    const approved = await current(proposal.id)
    expect(approved).toMatchObject({ state: 'approved' })
    expect(approved.decisions[0]).toMatchObject({
      kind: 'approve',
      who: expect.stringContaining('rule: small-rises'),
    })
    scene.afterHold()
    expect(await redeemNow(approved.decisions[0]?.id ?? '')).toMatchObject({ kind: 'approved' })

    const wide = await createWide()
    expect(wide.automation.held).toContain('Outside of the bounds of rule small-rises')
    expect(await decideByRule({ ctx: scene.system })).toBe(0)
  })

  const createWide = async () => {
    await database.db.dispatch.updateMany({ data: { state: 'verified' } })
    const decision = await database.db.decision.findFirst({
      where: { usedAt: { not: null } },
      orderBy: { number: 'desc' },
    })
    await scene.dispatched(decision?.id ?? '', 'verified')
    return scene.propose(14)
  }

  test('lose it by themselves when the measure falls, and the log says so', async () => {
    await scene.setPolicy({ automationLevel: 'automatic' })
    await publishRulesOfApproval(admin, { automation: [auto()], earned })
    await earn()
    const of = { workloadId: scene.workloadId, kind: 'scale' as const }
    await confirmAutonomy({ ctx: admin, input: { ...of, reason: 'two good weeks' } })
    expect(await keepAutonomy({ ctx: scene.system })).toBe(0)
    const decision = await database.db.decision.findFirst({
      where: { proposal: { workloadId: scene.workloadId }, kind: 'approve' },
    })
    await scene.dispatched(decision?.id ?? '', 'rolled_back')
    expect(await keepAutonomy({ ctx: scene.system })).toBe(1)
    const mine = (await listAutonomy({ ctx: admin })).find(({ workload }) => workload.id === scene.workloadId)
    expect(mine).toMatchObject({
      state: 'demoted',
      demoted: { why: expect.stringContaining('good outcomes 0.0 %') },
    })
    const entry = await database.db.auditEntry.findFirst({
      where: { action: 'autonomy.demote', subject: `workload/${scene.workloadId}` },
    })
    expect(entry).not.toBeNull()
    await expect(confirmAutonomy({ ctx: admin, input: { ...of, reason: 'please' } })).rejects.toThrow(
      'It is not eligible',
    )
  })

  test('are neither earned nor lost by an outcome that is not final', async () => {
    await scene.setPolicy({ automationLevel: 'automatic' })
    await publishRulesOfApproval(admin, { automation: [auto()], earned })
    const { id } = await approve({ ctx: ann, input: seenOf(await scene.propose(9)) })
    await scene.dispatched(id, 'verified')
    const measures = async () =>
      (await listAutonomy({ ctx: admin })).find(({ workload }) => workload.id === scene.workloadId)?.measures
    expect(await measures()).toMatchObject({ decisions: 1, outcomes: 0, goodOutcomes: null })
    await scene.accounted(id, false, { violationVsReactiveMinutes: -1 })
    expect(await measures()).toMatchObject({ outcomes: 0, goodOutcomes: null })
    await scene.accounted(id, true, { violationVsReactiveMinutes: -1 })
    expect(await measures()).toMatchObject({ outcomes: 1, goodOutcomes: 0 })
  })

  test('are not earned by who confirms them, nor by a yes that is undone and said again', async () => {
    await scene.setPolicy({ automationLevel: 'automatic' })
    await publishRulesOfApproval(admin, { automation: [auto()], earned })
    const both = await scene.person('operator', 'admin')
    const confirmBy = (ctx: Context) =>
      confirmAutonomy({ ctx, input: { workloadId: scene.workloadId, kind: 'scale', reason: 'it went well' } })
    await earn(both)
    await expect(confirmBy(both)).rejects.toThrow(/decisions of people: 0.*What you decided yourself/)
    await publishRulesOfApproval(admin, { automation: [auto()], earned: { ...earned, minDecisions: 2 } })
    const again = await scene.propose(8)
    for (let i = 0; i < 3; i++) {
      const { id } = await approve({ ctx: ann, input: seenOf(await current(again.id)) })
      await undo({ ctx: ann, input: { decisionId: id, reason: 'once more' } })
    }
    await expect(confirmBy(admin)).rejects.toThrow('decisions of people: 1, asked for is at least 2')
    await approve({ ctx: ann, input: seenOf(await current(again.id)) })
    expect(await confirmBy(admin)).toMatchObject({ kind: 'scale' })
  })

  test('that added capacity at the deadline are asked once more, as they are declared by then', async () => {
    const name = `rather-more-${scene.name.slice(-4)}`
    const declare = (fallback: 'scale-up' | 'hold', most = 20) =>
      publishRulesOfApproval(admin, {
        failSafes: [
          {
            ...{ name, scope: here(), fallback },
            ...(fallback === 'scale-up' ? { maxCostChangePerHourUsd: most } : {}),
          },
        ],
      })
    await declare('scale-up')
    const rise = await scene.propose(10)
    scene.clock.set(new Date(rise.actBy))
    expect(await decideByRule({ ctx: scene.system })).toBe(1)
    const { decisions } = await current(rise.id)
    scene.afterHold()
    await declare('hold')
    expect(await redeemNow(decisions[0]?.id ?? '')).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining(`rule ${name} would not decide it by itself now`),
    })
    await declare('scale-up', 1)
    expect(await decideByRule({ ctx: scene.system })).toBe(0)
  })

  test('never decide where a person is asked for, nor what is only recommended', async () => {
    await scene.setPolicy({ automationLevel: 'automatic' })
    const asked = { name: 'a-person', scope: here(), approvers: 1 }
    await publishRulesOfApproval(admin, { automation: [auto()], approvals: [asked], earned })
    const proposal = await scene.propose(10)
    expect(proposal.automation.held).toBe('Rule a-person asks for people.')
    await publishRulesOfApproval(admin, {
      automation: [auto(), { name: 'advice', scope: here(), level: 'recommend' }],
    })
    await expect(approve({ ctx: ann, input: seenOf(proposal) })).rejects.toThrow(
      'is a recommendation and cannot be approved',
    )
  })

  test('at the deadline do what is declared: add capacity, keep it overdue, or let it expire', async () => {
    await publishRulesOfApproval(admin, {
      failSafes: [{ name: 'rather-more', scope: here(), fallback: 'scale-up', maxCostChangePerHourUsd: 20 }],
    })
    const rise = await scene.propose(10)
    expect(rise.failSafe).toMatchObject({ fallback: 'scale-up', rule: 'rather-more', at: rise.actBy })
    expect(await decideByRule({ ctx: scene.system })).toBe(0)
    scene.clock.set(new Date(rise.actBy))
    expect(await decideByRule({ ctx: scene.system })).toBe(1)
    const done = await current(rise.id)
    expect(done.decisions[0]).toMatchObject({ who: expect.stringContaining('rule: rather-more') })
    expect(done.decisions[0]?.reason).toContain('Nobody decided in time')

    const other = await createScene(database.db)
    await publishRulesOfApproval(admin, {
      failSafes: [{ name: 'keep', scope: { workload: other.name }, fallback: 'hold' }],
    })
    const kept = await other.propose(4)
    expect(kept.failSafe?.fallback).toBe('hold')
    other.clock.set(new Date(kept.expiresAt))
    await expireDue({ ctx: other.system })
    const overdue = await getProposal({ ctx: other.system, input: { id: kept.id } })
    expect(overdue).toMatchObject({ state: 'waiting', overdueSince: kept.expiresAt })
    expect(overdue.expiresAt > kept.expiresAt).toBe(true)
    expect(overdue.decisions[0]).toMatchObject({ kind: 'hold' })
  })
})
