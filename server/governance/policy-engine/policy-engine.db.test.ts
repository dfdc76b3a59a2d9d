import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { contentHashOf } from '../../audit/index.ts'
import type { Context } from '../../kernel/context.ts'
import { UnavailableError } from '../../kernel/errors.ts'
import { createTestDatabase, type TestDatabase } from '../../runtime/testing/index.ts'
import type { ProposalDetail } from '../contract.ts'
import {
  approve,
  confirmAutonomy,
  decideBatch,
  decideByRule,
  getDecision,
  getPolicyEngine,
  getProposal,
  judgeWaiting,
  override,
  previewOverride,
  redeem,
  removePolicyEngine,
  rollback,
  setPolicyEngine,
  testPolicyEngine,
  transactAsked,
} from '../index.ts'
import { publishRulesOfApproval, teamOf } from '../testing/approvals.ts'
import { denies, type OpaStandIn, says, startOpaStandIn } from '../testing/opa-stand-in.ts'
import { createScene, dispatchJobs, type Scene, seenOf } from '../testing/scene.ts'
import type { SetPolicyEngineInput } from './contract.ts'

let database: TestDatabase
let opa: OpaStandIn
let scene: Scene
let admin: Context
let ann: Context
let ben: Context
let proposal: ProposalDetail

beforeAll(async () => {
  vi.stubEnv('INFRASAGE_PRIVATE_HOSTS', '127.0.0.1')
  database = await createTestDatabase()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await database.dispose()
})
beforeEach(async () => {
  opa = await startOpaStandIn()
  scene = await createScene(database.db)
  admin = await scene.person('admin')
  ;[ann, ben] = [await scene.person('operator'), await scene.person('operator')]
  await set()
  proposal = await scene.propose(10)
})
afterEach(() => opa.close())

const set = async (change: Partial<SetPolicyEngineInput> = {}) => {
  const { version } = await getPolicyEngine({ ctx: admin })
  const input = {
    url: opa.url,
    token: null,
    timeoutMs: 5_000,
    reason: 'for a test',
    basedOn: version,
    ...change,
  }
  return setPolicyEngine({ ctx: admin, input })
}
/** Answers nothing to the next question, which is not waited for long. */
const silence = async () => {
  await set({ timeoutMs: 150 })
  opa.answers.push('silent')
}
const remove = async () =>
  removePolicyEngine({
    ctx: admin,
    input: { reason: 'no more', basedOn: (await getPolicyEngine({ ctx: admin })).version },
  })
const current = (id = proposal.id) => getProposal({ ctx: scene.system, input: { id } })
const yes = async (ctx = ann, more = {}) => approve({ ctx, input: { ...seenOf(await current()), ...more } })
const asked = () => opa.heard.map(({ body }) => JSON.parse(body).input)
const redeemNow = (decisionId: string) =>
  transactAsked(scene.system, (tx, by) =>
    redeem({
      ctx: scene.system,
      tx,
      input: { decisionId, observed: [{ targetId: scene.targetId, observedVersion: '7' }] },
      asked: by,
    }),
  )

describe('an approval', () => {
  test('that the engine allows goes through, asked about just this, and all of it is kept', async () => {
    await teamOf(database.db, 'sre', ann)
    const decision = await yes()
    expect(decision).toMatchObject({ kind: 'approve', dispatchState: 'pending' })
    const [question, ...more] = asked()
    expect(more).toEqual([])
    expect(question).toMatchObject({
      format: 'infrasage-policy-input/1',
      decision: 'approve',
      proposal: { id: proposal.id, number: proposal.number, origin: 'proposed', rollbackOf: null },
      workload: { name: scene.name, team: 'chat', environment: 'production' },
      actions: [
        { kind: 'scale', before: 6, after: 10, jurisdiction: 'EU', offering: { market: 'on_demand' } },
      ],
      cost: { changePerHourUsd: 8 },
      approvers: [{ kind: 'person', roles: ['operator'], groups: [expect.stringContaining('sre')] }],
      contentHash: proposal.contentHash,
      policyVersion: 1,
      ruleSetVersion: 0,
    })
    const [verdict] = decision.engineVerdicts
    expect(verdict).toMatchObject({
      decision: 'approve',
      outcome: 'allow',
      contentHash: proposal.contentHash,
    })
    expect(verdict?.questionHash).toBe(contentHashOf(question))
    const entry = await database.db.auditEntry.findFirstOrThrow({
      where: { action: 'engine.asked' },
      orderBy: { seq: 'desc' },
    })
    expect(JSON.parse(entry.canonical)).toMatchObject({
      actor: ann.actor,
      body: { verdictId: verdict?.id, questionHash: verdict?.questionHash, outcome: 'allow', url: opa.url },
    })
  })

  test('that it denies is refused with its reasons, and may be asked again', async () => {
    opa.answers.push(denies('production is closed'))
    await expect(yes()).rejects.toThrow('The policy engine denies it: production is closed.')
    expect(dispatchJobs(scene.jobs)).toEqual([])
    expect(await current()).toMatchObject({
      state: 'waiting',
      engine: { verdict: { outcome: 'deny', reasons: ['production is closed'] } },
    })
    expect(await yes()).toMatchObject({ kind: 'approve' })
  })

  test('is refused while it is silent, slow, broken or undefined, and says what would be right', async () => {
    const refused = async (words: string) => {
      await expect(yes()).rejects.toThrow(UnavailableError)
      const { engine } = await current()
      expect(engine?.verdict).toMatchObject({ outcome: 'none', problem: expect.stringContaining(words) })
    }
    await silence()
    await refused('no whole answer came within 150 ms')
    await set()
    opa.answers.push({ body: '{}' }, { status: 500, body: '{"result": true}' })
    await refused('undefined')
    await refused('answered 500, expected 200')
    await opa.close()
    await refused('connection refused')
    expect(dispatchJobs(scene.jobs)).toEqual([])
  })

  test('asks once more where somebody else said yes meanwhile, and is of the one who asked', async () => {
    await publishRulesOfApproval(admin, {
      approvals: [{ name: 'two', scope: { workload: scene.name }, approvers: 2 }],
    })
    const both = await Promise.all([yes(ann), yes(ben)])
    expect(both.map(({ kind }) => kind).sort()).toEqual(['approve', 'endorse'])
    const last = asked().find(({ approvers }) => approvers.length === 2)
    expect(last).toMatchObject({ decision: 'approve' })
  })

  test('finds another engine put in force between its question and its commit, and asks that', async () => {
    const other = await startOpaStandIn()
    other.otherwise = () => denies('the new one is stricter')
    opa.otherwise = async () => {
      await set({ url: other.url })
      return says(true)
    }
    await expect(yes()).rejects.toThrow('the new one is stricter')
    expect([opa.heard.length, other.heard.length]).toEqual([1, 1])
    await other.close()
  })

  test('of several waits for a silent engine once', async () => {
    const scenes = await Promise.all([createScene(database.db), createScene(database.db)])
    const others = await Promise.all(scenes.map((own) => own.propose(10)))
    await silence()
    const results = await decideBatch({
      ctx: ann,
      input: { verdict: 'approve', proposals: [proposal, ...others].map(seenOf), reason: 'all the same' },
    })
    expect(results.map(({ refusal }) => refusal?.includes('gave no verdict'))).toEqual([true, true, true])
    expect(opa.heard.length).toBe(1)
  })

  test('needs nothing of an engine that was removed', async () => {
    opa.otherwise = () => denies('never')
    await expect(yes()).rejects.toThrow('never')
    await remove()
    expect(await yes()).toMatchObject({ kind: 'approve', engineVerdicts: [{ outcome: 'deny' }] })
    expect((await current()).engine).toBeNull()
  })
})

describe('what it denies softly', () => {
  test('passes by a waiver for just these reasons, at dispatch too', async () => {
    await set({ enforcement: 'soft-mandatory' })
    opa.otherwise = () => denies('too dear')
    await expect(yes()).rejects.toThrow('An admin may let a soft-mandatory rule pass')
    const both = await scene.person('operator', 'admin')
    const decision = await yes(both, { waiver: 'agreed with finance' })
    expect(decision.waiver).toMatchObject({ rules: [expect.stringContaining('too dear')] })
    scene.afterHold()
    expect(await redeemNow(decision.id)).toMatchObject({ kind: 'approved' })
  })

  test('does not pass for other reasons, or without a verdict', async () => {
    await set({ enforcement: 'soft-mandatory' })
    const both = await scene.person('operator', 'admin')
    opa.answers.push({ status: 503, body: '' })
    await expect(yes(both, { waiver: 'whatever it says' })).rejects.toThrow(UnavailableError)
    opa.answers.push(denies('too dear'))
    const decision = await yes(both, { waiver: 'agreed with finance' })
    scene.afterHold()
    opa.answers.push(denies('too dear', 'and on spot'))
    expect(await redeemNow(decision.id)).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining('and on spot'),
    })
  })
})

describe('before it is carried out', () => {
  test.each([
    [
      'denies',
      async () => opa.answers.push(denies('frozen since noon')),
      'the policy engine denies it: frozen since noon',
    ],
    ['is silent', silence, 'the policy engine gave no verdict: no whole answer came within 150 ms'],
  ])('an engine that %s voids the approval, and the proposal is back', async (_, prepare, reason) => {
    const decision = await yes()
    scene.afterHold()
    await prepare()
    expect(await redeemNow(decision.id)).toEqual({ kind: 'void', reason: `The approval is void: ${reason}.` })
    expect(await current()).toMatchObject({ state: 'waiting', voidReason: expect.stringContaining(reason) })
    expect(asked().at(-1)).toMatchObject({
      decision: 'dispatch',
      approvers: [{ kind: 'person', roles: ['operator'] }],
    })
    expect((await getDecision({ ctx: admin, input: { id: decision.id } })).nonceUsedAt).toBeNull()
  })

  test('it is asked anew, also by an engine that came after the approval', async () => {
    const decision = await yes()
    const other = await startOpaStandIn()
    await set({ url: other.url })
    scene.afterHold()
    expect(await redeemNow(decision.id)).toMatchObject({ kind: 'approved' })
    expect(other.heard.length).toBe(1)
    expect(opa.heard.length).toBe(1)
    const { engineVerdicts } = await getDecision({ ctx: admin, input: { id: decision.id } })
    expect(engineVerdicts.map((verdict) => verdict.decision)).toEqual(['approve', 'dispatch'])
    await other.close()
  })

  test('nothing is redeemed where nobody asked it', async () => {
    const decision = await yes()
    scene.afterHold()
    const unasked = scene.system.db.$transaction((tx) =>
      redeem({
        ctx: scene.system,
        tx,
        input: { decisionId: decision.id, observed: [{ targetId: scene.targetId, observedVersion: '7' }] },
      }),
    )
    await expect(unasked).rejects.toThrow('has not been asked')
    expect((await getDecision({ ctx: admin, input: { id: decision.id } })).nonceUsedAt).toBeNull()
  })
})

describe('other decisions', () => {
  const counter = async (ctx: Context) => {
    const { contentHash } = await previewOverride({ ctx, input: { proposalId: proposal.id, toReplicas: 8 } })
    return override({
      ctx,
      input: { ...seenOf(await current()), toReplicas: 8, previewHash: contentHash, reason: 'half will do' },
    })
  }

  test('a counter-proposal is asked about when it is put forward, and when it is approved', async () => {
    opa.answers.push(denies('no eights'))
    await expect(counter(ann)).rejects.toThrow('no eights')
    await counter(ann)
    opa.answers.push(denies('still none'))
    await expect(yes(ben)).rejects.toThrow('still none')
    expect(await yes(ben)).toMatchObject({ kind: 'override' })
    expect(asked().map(({ decision, actions }) => [decision, actions[0].after])).toEqual([
      ['counter', 8],
      ['counter', 8],
      ['override', 8],
      ['override', 8],
    ])
  })

  test('a rollback is asked about as a decision of its own', async () => {
    const decision = await yes()
    scene.afterHold()
    await redeemNow(decision.id)
    await scene.dispatched(decision.id, 'verified')
    await scene.observe(10, '8')
    const input = { proposalId: proposal.id, reason: 'it was too much' }
    opa.answers.push(denies('not now'))
    await expect(rollback({ ctx: ann, input })).rejects.toThrow('not now')
    const back = await rollback({ ctx: ann, input })
    expect(back).toMatchObject({ kind: 'rollback', state: 'approved' })
    expect(asked().at(-1)).toMatchObject({
      decision: 'rollback',
      proposal: { id: back.id, number: null, origin: 'rollback', rollbackOf: proposal.number },
      contentHash: back.contentHash,
    })
  })

  test('a rule that decides by itself is held by it, and does not ask every few seconds', async () => {
    await remove()
    await scene.setPolicy({ automationLevel: 'automatic' })
    const bounds = { maxChange: 6, maxCostChangePerHourUsd: 10, minConfidence: 0.5 }
    await publishRulesOfApproval(admin, {
      automation: [{ name: 'small-rises', scope: { workload: scene.name }, level: 'automatic', bounds }],
      earned: { minDecisions: 1, minCoverage: 0, minGoodOutcomes: 0.5 },
    })
    const first = await scene.propose(9)
    const { id } = await approve({ ctx: ann, input: seenOf(first) })
    await scene.dispatched(id, 'verified')
    await database.db.$executeRaw`
      UPDATE "Forecast" SET "snapshot" = "snapshot" || '{"coverage90": 0.93, "coverageCount": 400}'::jsonb
      WHERE "id" = ${scene.forecastId}::uuid`
    const of = { workloadId: scene.workloadId, kind: 'scale' as const }
    await confirmAutonomy({ ctx: admin, input: { ...of, reason: 'two good weeks' } })
    proposal = await scene.propose(10)
    await set()
    opa.answers.push(denies('people decide this'), { status: 503, body: '' })
    const decide = () => decideByRule({ ctx: scene.system })
    expect(await decide()).toBe(0)
    expect(await decide()).toBe(0)
    expect(asked()).toMatchObject([
      { decision: 'approve', approvers: [{ kind: 'rule', name: 'small-rises' }] },
    ])
    scene.clock.advance(301_000)
    expect(await decide()).toBe(0)
    scene.clock.advance(301_000)
    expect(await decide()).toBe(1)
    expect(await current()).toMatchObject({ state: 'approved' })
    expect(opa.heard.length).toBe(3)
  })
})

describe('what waits', () => {
  test('is asked about once, after the plan is made, and anew by another engine', async () => {
    expect(scene.jobs.some(({ name }) => name === 'judge')).toBe(true)
    opa.answers.push(denies('not in production'))
    await judgeWaiting({ ctx: scene.system })
    const before = opa.heard.length
    await judgeWaiting({ ctx: scene.system })
    expect(opa.heard.length).toBe(before)
    expect(asked().at(-1)).toMatchObject({ decision: 'propose', approvers: [] })
    const { engine } = await current()
    expect(engine?.verdict).not.toBeNull()
    await set()
    expect((await current()).engine?.verdict).toBeNull()
    await judgeWaiting({ ctx: scene.system })
    expect(opa.heard.length).toBeGreaterThan(before)
  })

  test('is left alone for a while by a silent engine', async () => {
    await silence()
    expect(await judgeWaiting({ ctx: scene.system })).toBe(0)
    expect(await judgeWaiting({ ctx: scene.system })).toBe(0)
    expect(opa.heard.length).toBe(1)
  })
})

describe('the setting', () => {
  test('is an admin’s, is in the log, and never shows its token', async () => {
    const secret = 'not-to-be-seen'
    const { version } = await getPolicyEngine({ ctx: admin })
    const input = { url: opa.url, token: secret, reason: 'ours', basedOn: version }
    await expect(setPolicyEngine({ ctx: ann, input })).rejects.toThrow('policy.manage')
    await expect(setPolicyEngine({ ctx: admin, input: { ...input, basedOn: 0 } })).rejects.toThrow(
      'Look at it first',
    )
    const view = await setPolicyEngine({ ctx: admin, input })
    expect(view).toMatchObject({ version: version + 1, engine: { hasToken: true, timeoutMs: 2_000 } })
    expect(JSON.stringify(await getPolicyEngine({ ctx: ann }))).not.toContain(secret)
    const entry = await database.db.auditEntry.findFirstOrThrow({
      where: { action: 'engine.changed' },
      orderBy: { seq: 'desc' },
    })
    expect(JSON.parse(entry.canonical).body).toMatchObject({
      version: version + 1,
      newToken: true,
      reason: 'ours',
    })
    const kept = await database.db.policyEngine.findFirstOrThrow()
    expect(JSON.stringify([entry.canonical, kept])).not.toContain(secret)

    await yes()
    expect(opa.heard.at(-1)?.headers.authorization).toBe(`Bearer ${secret}`)
    const next = { reason: 'moved', basedOn: version + 1 }
    const elsewhere = { ...next, url: 'https://other.example/v1/data/infrasage/allow' }
    await expect(setPolicyEngine({ ctx: admin, input: elsewhere })).rejects.toThrow('"token" is missing')
    const same = await setPolicyEngine({ ctx: admin, input: { ...next, url: `${opa.url}/deeper` } })
    expect(same.engine).toMatchObject({ hasToken: true })
    await remove()
    expect(await database.db.policyEngine.findFirstOrThrow()).toMatchObject({
      url: null,
      encryptedToken: null,
    })
    await expect(remove()).rejects.toThrow('No policy engine is set')
  })

  test('is refused for what cannot be asked', async () => {
    await expect(set({ url: 'http://169.254.169.254/latest' })).rejects.toThrow('never called')
    await expect(set({ url: 'opa' })).rejects.toThrow('no address')
    await expect(set({ timeoutMs: 60_000 })).rejects.toThrow('timeoutMs')
    await expect(set({ token: 'two words' })).rejects.toThrow('without spaces')
  })

  test('can be tried before it is in force; nothing of it counts', async () => {
    const before = await database.db.engineVerdict.count()
    opa.answers.push(denies('a reason'), { body: '{}' })
    const trial = await testPolicyEngine({ ctx: admin, input: {} })
    expect(trial).toMatchObject({
      ok: true,
      about: 'proposal',
      text: 'The policy engine denies it: a reason.',
    })
    expect(asked().at(-1)).toEqual(trial.question)
    const settings = { url: opa.url, token: null }
    const undefinedOne = await testPolicyEngine({ ctx: admin, input: { settings } })
    expect(undefinedOne).toMatchObject({ ok: false, text: expect.stringContaining('undefined') })
    await expect(testPolicyEngine({ ctx: ann, input: {} })).rejects.toThrow('policy.manage')
    expect(await database.db.engineVerdict.count()).toBe(before)
  })

  test('what it said cannot be changed by the product', async () => {
    await yes()
    await expect(database.db.engineVerdict.updateMany({ data: { outcome: 'allow' } })).rejects.toThrow(
      /permission denied|denied/i,
    )
    await expect(database.db.engineVerdict.deleteMany()).rejects.toThrow(/denied/i)
  })
})
