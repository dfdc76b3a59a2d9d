import { describe, expect, test } from 'vitest'
import { contentHashOf } from '../../audit/index.ts'
import { UnavailableError } from '../../kernel/errors.ts'
import { decideBatch, getDecision, redeem } from '../index.ts'
import { publishRulesOfApproval, teamOf } from '../testing/approvals.ts'
import { type EngineScene, eachEngineScene } from '../testing/engine-scene.ts'
import { denies, says, startOpaStandIn } from '../testing/opa-stand-in.ts'
import { createScene, dispatchJobs, seenOf } from '../testing/scene.ts'

let at: EngineScene
eachEngineScene((scene) => {
  at = scene
})

describe('an approval', () => {
  test('that the engine allows goes through, asked about just this, and all of it is kept', async () => {
    await teamOf(at.db, 'sre', at.ann)
    const decision = await at.yes()
    expect(decision).toMatchObject({ kind: 'approve', dispatchState: 'pending' })
    const [question, ...more] = at.asked()
    expect(more).toEqual([])
    expect(question).toMatchObject({
      format: 'infrasage-policy-input/1',
      decision: 'approve',
      proposal: { id: at.proposal.id, number: at.proposal.number, origin: 'proposed', rollbackOf: null },
      workload: { name: at.scene.name, team: 'chat', environment: 'production' },
      actions: [
        { kind: 'scale', before: 6, after: 10, jurisdiction: 'EU', offering: { market: 'on_demand' } },
      ],
      cost: { changePerHourUsd: 8 },
      approvers: [{ kind: 'person', roles: ['operator'], groups: [expect.stringContaining('sre')] }],
      contentHash: at.proposal.contentHash,
      policyVersion: 1,
      ruleSetVersion: 0,
    })
    const [verdict] = decision.engineVerdicts
    expect(verdict).toMatchObject({
      decision: 'approve',
      outcome: 'allow',
      contentHash: at.proposal.contentHash,
    })
    expect(verdict?.questionHash).toBe(contentHashOf(question))
    const entry = await at.db.auditEntry.findFirstOrThrow({
      where: { action: 'engine.asked' },
      orderBy: { seq: 'desc' },
    })
    expect(JSON.parse(entry.canonical)).toMatchObject({
      actor: at.ann.actor,
      body: {
        verdictId: verdict?.id,
        questionHash: verdict?.questionHash,
        outcome: 'allow',
        url: at.opa.url,
      },
    })
  })

  test('that it denies is refused with its reasons, and may be asked again', async () => {
    at.opa.answers.push(denies('production is closed'))
    await expect(at.yes()).rejects.toThrow('The policy engine denies it: production is closed.')
    expect(dispatchJobs(at.scene.jobs)).toEqual([])
    expect(await at.current()).toMatchObject({
      state: 'waiting',
      engine: { verdict: { outcome: 'deny', reasons: ['production is closed'] } },
    })
    expect(await at.yes()).toMatchObject({ kind: 'approve' })
  })

  test('is refused while it is silent, slow, broken or undefined, and says what would be right', async () => {
    const refused = async (words: string) => {
      await expect(at.yes()).rejects.toThrow(UnavailableError)
      const { engine } = await at.current()
      expect(engine?.verdict).toMatchObject({ outcome: 'none', problem: expect.stringContaining(words) })
    }
    await at.silence()
    await refused('no whole answer came within 150 ms')
    await at.set()
    at.opa.answers.push({ body: '{}' }, { status: 500, body: '{"result": true}' })
    await refused('undefined')
    await refused('answered 500, expected 200')
    await at.opa.close()
    await refused('connection refused')
    expect(dispatchJobs(at.scene.jobs)).toEqual([])
  })

  test('asks once more where somebody else said yes meanwhile, and is of the one who asked', async () => {
    await publishRulesOfApproval(at.admin, {
      approvals: [{ name: 'two', scope: { workload: at.scene.name }, approvers: 2 }],
    })
    const both = await Promise.all([at.yes(at.ann), at.yes(at.ben)])
    expect(both.map(({ kind }) => kind).sort()).toEqual(['approve', 'endorse'])
    const last = at.asked().find(({ approvers }) => approvers.length === 2)
    expect(last).toMatchObject({ decision: 'approve' })
  })

  test('finds another engine put in force between its question and its commit, and asks that', async () => {
    const other = await startOpaStandIn()
    other.otherwise = () => denies('the new one is stricter')
    at.opa.otherwise = async () => {
      await at.set({ url: other.url })
      return says(true)
    }
    await expect(at.yes()).rejects.toThrow('the new one is stricter')
    expect([at.opa.heard.length, other.heard.length]).toEqual([1, 1])
    await other.close()
  })

  test('of several waits for a silent engine once', async () => {
    const scenes = await Promise.all([createScene(at.db), createScene(at.db)])
    const others = await Promise.all(scenes.map((own) => own.propose(10)))
    await at.silence()
    const results = await decideBatch({
      ctx: at.ann,
      input: { verdict: 'approve', proposals: [at.proposal, ...others].map(seenOf), reason: 'all the same' },
    })
    expect(results.map(({ refusal }) => refusal?.includes('gave no verdict'))).toEqual([true, true, true])
    expect(at.opa.heard.length).toBe(1)
  })

  test('needs nothing of an engine that was removed', async () => {
    at.opa.otherwise = () => denies('never')
    await expect(at.yes()).rejects.toThrow('never')
    await at.remove()
    expect(await at.yes()).toMatchObject({ kind: 'approve', engineVerdicts: [{ outcome: 'deny' }] })
    expect((await at.current()).engine).toBeNull()
  })
})

describe('what it denies softly', () => {
  test('passes by a waiver for just these reasons, at dispatch too', async () => {
    await at.set({ enforcement: 'soft-mandatory' })
    at.opa.otherwise = () => denies('too dear')
    await expect(at.yes()).rejects.toThrow('An admin may let a soft-mandatory rule pass')
    const both = await at.scene.person('operator', 'admin')
    const decision = await at.yes(both, { waiver: 'agreed with finance' })
    expect(decision.waiver).toMatchObject({ rules: [expect.stringContaining('too dear')] })
    at.scene.afterHold()
    expect(await at.redeemNow(decision.id)).toMatchObject({ kind: 'approved' })
  })

  test('does not pass for other reasons, or without a verdict', async () => {
    await at.set({ enforcement: 'soft-mandatory' })
    const both = await at.scene.person('operator', 'admin')
    at.opa.answers.push({ status: 503, body: '' })
    await expect(at.yes(both, { waiver: 'whatever it says' })).rejects.toThrow(UnavailableError)
    at.opa.answers.push(denies('too dear'))
    const decision = await at.yes(both, { waiver: 'agreed with finance' })
    at.scene.afterHold()
    at.opa.answers.push(denies('too dear', 'and on spot'))
    expect(await at.redeemNow(decision.id)).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining('and on spot'),
    })
  })
})

describe('before it is carried out', () => {
  test.each([
    [
      'denies',
      async () => at.opa.answers.push(denies('frozen since noon')),
      'the policy engine denies it: frozen since noon',
    ],
    [
      'is silent',
      () => at.silence(),
      'the policy engine gave no verdict: no whole answer came within 150 ms',
    ],
  ])('an engine that %s voids the approval, and the proposal is back', async (_, prepare, reason) => {
    const decision = await at.yes()
    at.scene.afterHold()
    await prepare()
    expect(await at.redeemNow(decision.id)).toEqual({
      kind: 'void',
      reason: `The approval is void: ${reason}.`,
    })
    expect(await at.current()).toMatchObject({
      state: 'waiting',
      voidReason: expect.stringContaining(reason),
    })
    expect(at.asked().at(-1)).toMatchObject({
      decision: 'dispatch',
      approvers: [{ kind: 'person', roles: ['operator'] }],
    })
    expect((await getDecision({ ctx: at.admin, input: { id: decision.id } })).nonceUsedAt).toBeNull()
  })

  test('it is asked anew, also by an engine that came after the approval', async () => {
    const decision = await at.yes()
    const other = await startOpaStandIn()
    await at.set({ url: other.url })
    at.scene.afterHold()
    expect(await at.redeemNow(decision.id)).toMatchObject({ kind: 'approved' })
    expect(other.heard.length).toBe(1)
    expect(at.opa.heard.length).toBe(1)
    const { engineVerdicts } = await getDecision({ ctx: at.admin, input: { id: decision.id } })
    expect(engineVerdicts.map((verdict) => verdict.decision)).toEqual(['approve', 'dispatch'])
    await other.close()
  })

  test('nothing is redeemed where nobody asked it', async () => {
    const decision = await at.yes()
    at.scene.afterHold()
    const unasked = at.scene.system.db.$transaction((tx) =>
      redeem({
        ctx: at.scene.system,
        tx,
        input: { decisionId: decision.id, observed: [{ targetId: at.scene.targetId, observedVersion: '7' }] },
      }),
    )
    await expect(unasked).rejects.toThrow('has not been asked')
    expect((await getDecision({ ctx: at.admin, input: { id: decision.id } })).nonceUsedAt).toBeNull()
  })
})
