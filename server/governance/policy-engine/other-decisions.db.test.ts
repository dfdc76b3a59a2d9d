import { describe, expect, test } from 'vitest'
import type { Context } from '../../kernel/context.ts'
import {
  approve,
  confirmAutonomy,
  decideByRule,
  getPolicyEngine,
  judgeWaiting,
  override,
  previewOverride,
  rollback,
  setPolicyEngine,
  testPolicyEngine,
} from '../index.ts'
import { publishRulesOfApproval } from '../testing/approvals.ts'
import { type EngineScene, eachEngineScene } from '../testing/engine-scene.ts'
import { denies } from '../testing/opa-stand-in.ts'
import { seenOf } from '../testing/scene.ts'

let at: EngineScene
eachEngineScene((scene) => {
  at = scene
})

describe('other decisions', () => {
  const counter = async (ctx: Context) => {
    const { contentHash } = await previewOverride({
      ctx,
      input: { proposalId: at.proposal.id, toReplicas: 8 },
    })
    return override({
      ctx,
      input: {
        ...seenOf(await at.current()),
        toReplicas: 8,
        previewHash: contentHash,
        reason: 'half will do',
      },
    })
  }

  test('a counter-proposal is asked about when it is put forward, and when it is approved', async () => {
    at.opa.answers.push(denies('no eights'))
    await expect(counter(at.ann)).rejects.toThrow('no eights')
    await counter(at.ann)
    at.opa.answers.push(denies('still none'))
    await expect(at.yes(at.ben)).rejects.toThrow('still none')
    expect(await at.yes(at.ben)).toMatchObject({ kind: 'override' })
    expect(at.asked().map(({ decision, actions }) => [decision, actions[0].after])).toEqual([
      ['counter', 8],
      ['counter', 8],
      ['override', 8],
      ['override', 8],
    ])
  })

  test('a rollback is asked about as a decision of its own', async () => {
    const decision = await at.yes()
    at.scene.afterHold()
    await at.redeemNow(decision.id)
    await at.scene.dispatched(decision.id, 'verified')
    await at.scene.observe(10, '8')
    const input = { proposalId: at.proposal.id, reason: 'it was too much' }
    at.opa.answers.push(denies('not now'))
    await expect(rollback({ ctx: at.ann, input })).rejects.toThrow('not now')
    const back = await rollback({ ctx: at.ann, input })
    expect(back).toMatchObject({ kind: 'rollback', state: 'approved' })
    expect(at.asked().at(-1)).toMatchObject({
      decision: 'rollback',
      proposal: { id: back.id, number: null, origin: 'rollback', rollbackOf: at.proposal.number },
      contentHash: back.contentHash,
    })
  })

  test('a rule that decides by itself is held by it, and does not ask every few seconds', async () => {
    await at.remove()
    await at.scene.setPolicy({ automationLevel: 'automatic' })
    const bounds = { maxChange: 6, maxCostChangePerHourUsd: 10, minConfidence: 0.5 }
    await publishRulesOfApproval(at.admin, {
      automation: [{ name: 'small-rises', scope: { workload: at.scene.name }, level: 'automatic', bounds }],
      earned: { minDecisions: 1, minCoverage: 0, minGoodOutcomes: 0.5 },
    })
    const first = await at.scene.propose(9)
    const { id } = await approve({ ctx: at.ann, input: seenOf(first) })
    await at.scene.dispatched(id, 'verified')
    await at.scene.accounted(id, true)
    await at.db.$executeRaw`
      UPDATE "Forecast" SET "snapshot" = "snapshot" || '{"coverage90": 0.93, "coverageCount": 400}'::jsonb
      WHERE "id" = ${at.scene.forecastId}::uuid`
    const of = { workloadId: at.scene.workloadId, kind: 'scale' as const }
    await confirmAutonomy({ ctx: at.admin, input: { ...of, reason: 'two good weeks' } })
    const next = await at.scene.propose(10)
    await at.set()
    at.opa.answers.push(denies('people decide this'), { status: 503, body: '' })
    const decide = () => decideByRule({ ctx: at.scene.system })
    expect(await decide()).toBe(0)
    expect(await decide()).toBe(0)
    expect(at.asked()).toMatchObject([
      { decision: 'approve', approvers: [{ kind: 'rule', name: 'small-rises' }] },
    ])
    at.scene.clock.advance(301_000)
    expect(await decide()).toBe(0)
    at.scene.clock.advance(301_000)
    expect(await decide()).toBe(1)
    expect(await at.current(next.id)).toMatchObject({ state: 'approved' })
    expect(at.opa.heard.length).toBe(3)
  })
})

describe('what waits', () => {
  test('is asked about once, after the plan is made, and anew by another engine', async () => {
    expect(at.scene.jobs.some(({ name }) => name === 'judge')).toBe(true)
    at.opa.answers.push(denies('not in production'))
    await judgeWaiting({ ctx: at.scene.system })
    const before = at.opa.heard.length
    await judgeWaiting({ ctx: at.scene.system })
    expect(at.opa.heard.length).toBe(before)
    expect(at.asked().at(-1)).toMatchObject({ decision: 'propose', approvers: [] })
    const { engine } = await at.current()
    expect(engine?.verdict).not.toBeNull()
    await at.set()
    expect((await at.current()).engine?.verdict).toBeNull()
    await judgeWaiting({ ctx: at.scene.system })
    expect(at.opa.heard.length).toBeGreaterThan(before)
  })

  test('is left alone for a while by a silent engine', async () => {
    await at.silence()
    expect(await judgeWaiting({ ctx: at.scene.system })).toBe(0)
    expect(await judgeWaiting({ ctx: at.scene.system })).toBe(0)
    expect(at.opa.heard.length).toBe(1)
  })
})

describe('the setting', () => {
  test('is an admin’s, is in the log, and never shows its token', async () => {
    const secret = 'not-to-be-seen'
    const { version } = await getPolicyEngine({ ctx: at.admin })
    const input = { url: at.opa.url, token: secret, reason: 'ours', basedOn: version }
    await expect(setPolicyEngine({ ctx: at.ann, input })).rejects.toThrow('policy.manage')
    await expect(setPolicyEngine({ ctx: at.admin, input: { ...input, basedOn: 0 } })).rejects.toThrow(
      'Look at it first',
    )
    const view = await setPolicyEngine({ ctx: at.admin, input })
    expect(view).toMatchObject({ version: version + 1, engine: { hasToken: true, timeoutMs: 2_000 } })
    expect(JSON.stringify(await getPolicyEngine({ ctx: at.ann }))).not.toContain(secret)
    const entry = await at.db.auditEntry.findFirstOrThrow({
      where: { action: 'engine.changed' },
      orderBy: { seq: 'desc' },
    })
    expect(JSON.parse(entry.canonical).body).toMatchObject({
      version: version + 1,
      newToken: true,
      reason: 'ours',
    })
    const kept = await at.db.policyEngine.findFirstOrThrow()
    expect(JSON.stringify([entry.canonical, kept])).not.toContain(secret)

    await at.yes()
    expect(at.opa.heard.at(-1)?.headers.authorization).toBe(`Bearer ${secret}`)
    const next = { reason: 'moved', basedOn: version + 1 }
    const elsewhere = { ...next, url: 'https://other.example/v1/data/infrasage/allow' }
    await expect(setPolicyEngine({ ctx: at.admin, input: elsewhere })).rejects.toThrow('"token" is missing')
    const same = await setPolicyEngine({ ctx: at.admin, input: { ...next, url: `${at.opa.url}/deeper` } })
    expect(same.engine).toMatchObject({ hasToken: true })
    await at.remove()
    expect(await at.db.policyEngine.findFirstOrThrow()).toMatchObject({
      url: null,
      encryptedToken: null,
    })
    await expect(at.remove()).rejects.toThrow('No policy engine is set')
  })

  test('is refused for what cannot be asked', async () => {
    await expect(at.set({ url: 'http://169.254.169.254/latest' })).rejects.toThrow('never called')
    await expect(at.set({ url: 'opa' })).rejects.toThrow('no address')
    await expect(at.set({ timeoutMs: 60_000 })).rejects.toThrow('timeoutMs')
    await expect(at.set({ token: 'two words' })).rejects.toThrow('without spaces')
  })

  test('can be tried before it is in force; nothing of it counts', async () => {
    const before = await at.db.engineVerdict.count()
    at.opa.answers.push(denies('a reason'), { body: '{}' })
    const trial = await testPolicyEngine({ ctx: at.admin, input: {} })
    expect(trial).toMatchObject({
      ok: true,
      about: 'proposal',
      text: 'The policy engine denies it: a reason.',
    })
    expect(at.asked().at(-1)).toEqual(trial.question)
    const settings = { url: at.opa.url, token: null }
    const undefinedOne = await testPolicyEngine({ ctx: at.admin, input: { settings } })
    expect(undefinedOne).toMatchObject({ ok: false, text: expect.stringContaining('undefined') })
    await expect(testPolicyEngine({ ctx: at.ann, input: {} })).rejects.toThrow('policy.manage')
    expect(await at.db.engineVerdict.count()).toBe(before)
  })

  test('what it said cannot be changed by the product', async () => {
    await at.yes()
    await expect(at.db.engineVerdict.updateMany({ data: { outcome: 'allow' } })).rejects.toThrow(
      /permission denied|denied/i,
    )
    await expect(at.db.engineVerdict.deleteMany()).rejects.toThrow(/denied/i)
  })
})
