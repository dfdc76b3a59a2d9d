import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../kernel/context.ts'
import { ConflictError, ForbiddenError, InvalidInputError } from '../../kernel/errors.ts'
import { transact } from '../../kernel/transact.ts'
import type { RuleInput } from '../../plan/contract.ts'
import { createTestDatabase, type TestDatabase } from '../../runtime/testing/index.ts'
import {
  approve,
  backTest,
  getProposal,
  getRules,
  override,
  previewOverride,
  publishRules,
  redeem,
  ruleHistory,
  saveDraft,
} from '../index.ts'
import { createScene, type Scene, seenOf } from '../testing/scene.ts'

let database: TestDatabase
let scene: Scene
let admin: Context

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  scene = await createScene(database.db)
  admin = await scene.person('admin')
})

/** A rule about the scene's workload alone: scenes share one published set. */
const cap = (enforcement: RuleInput['enforcement'], limitUsd = 16): RuleInput => ({
  name: `cap-${scene.name}`,
  kind: 'cost-per-hour',
  enforcement,
  scope: { workload: scene.name },
  limitUsd,
})
const draft = async (rules: RuleInput[], ctx = admin) => {
  const { draftNumber } = await getRules({ ctx })
  return saveDraft({ ctx, input: { rules, basedOnDraft: draftNumber } })
}
const publish = async (rules: RuleInput[]) => {
  const { draftNumber } = await draft(rules)
  const { version } = await getRules({ ctx: admin })
  return publishRules({
    ctx: admin,
    input: { draftNumber, basedOnVersion: version, reason: 'a first budget' },
  })
}

test('a draft is in force by being published, with a reason, and both are in the log', async () => {
  const before = await getRules({ ctx: admin })
  await draft([cap('hard-mandatory')])
  const drafted = await getRules({ ctx: admin })
  expect(drafted).toMatchObject({
    version: before.version,
    rules: before.rules,
    draft: { author: 'Test admin' },
  })
  const { version } = await publish([cap('hard-mandatory')])
  expect(version).toBe(before.version + 1)
  const after = await getRules({ ctx: admin })
  expect(after).toMatchObject({ version, draft: null, inScope: { [`cap-${scene.name}`]: 1 } })
  expect(after.standings).toMatchObject([{ rule: `cap-${scene.name}`, of: scene.name, used: 12 / 16 }])
  const [newest] = await ruleHistory({ ctx: admin, input: {} })
  expect(newest).toMatchObject({ version, reason: 'a first budget', author: 'Test admin' })
  const entry = await database.db.auditEntry.findFirst({ where: { subject: `rule-set/${version}` } })
  expect(JSON.parse(entry?.canonical ?? '{}')).toMatchObject({
    action: 'rules.publish',
    body: { version, reason: 'a first budget', changes: expect.any(Array) },
  })
  await expect(database.db.ruleSet.updateMany({ data: { reason: 'other' } })).rejects.toThrow(/denied/)
  await expect(database.db.ruleSet.deleteMany()).rejects.toThrow(/denied/)
})

test('of two admins who publish at once, one is told who was first', async () => {
  const { draftNumber } = await draft([cap('advisory')])
  const { version } = await getRules({ ctx: admin })
  const input = { draftNumber, basedOnVersion: version, reason: 'a first budget' }
  const other = await scene.person('admin')
  const results = await Promise.allSettled([
    publishRules({ ctx: admin, input }),
    publishRules({ ctx: other, input }),
  ])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const [lost] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
  expect(lost).toBeInstanceOf(ConflictError)
  expect(String(lost)).toContain(`Version ${version + 1} of the rules is in force`)
})

test('of two admins who save a draft at once, one keeps the other from losing theirs', async () => {
  const { draftNumber: basedOnDraft } = await getRules({ ctx: admin })
  const save = (rules: RuleInput[]) => saveDraft({ ctx: admin, input: { rules, basedOnDraft } })
  const results = await Promise.allSettled([save([cap('advisory', 20)]), save([cap('advisory', 30)])])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('what is no rule is refused with its place and what would be right', async () => {
  const twice = [cap('advisory'), cap('hard-mandatory')]
  await expect(draft(twice)).rejects.toThrow(`another rule is called "cap-${scene.name}"`)
  const zone: RuleInput = {
    name: 'night',
    kind: 'freeze',
    enforcement: 'hard-mandatory',
    window: { repeat: 'weekly', days: ['sat'], from: '20:00', to: '06:00', timeZone: 'Mars/Olympus' },
  }
  await expect(draft([zone])).rejects.toThrow('is no time zone of the IANA database')
  await expect(
    publishRules({ ctx: admin, input: { draftNumber: 999, basedOnVersion: 0, reason: 'x y z' } }),
  ).rejects.toThrow(ConflictError)
  await expect(draft([cap('advisory')], await scene.person('operator'))).rejects.toThrow(ForbiddenError)
})

describe('a published rule', () => {
  test('refuses an override with the nearest that complies and its price', async () => {
    await publish([cap('hard-mandatory')])
    const proposal = await scene.propose(8)
    const operator = await scene.person('operator')
    const preview = await previewOverride({
      ctx: operator,
      input: { proposalId: proposal.id, toReplicas: 10 },
    })
    expect(preview.content.allowed).toBe(false)
    expect(preview.content.compliance).toMatchObject({
      rules: [`cap-${scene.name}`],
      nearest: { actions: [{ fromReplicas: 6, toReplicas: 8 }] },
      prices: [{ savesUsdPerHour: -4 }],
    })
    const sent = {
      ...seenOf(proposal),
      toReplicas: 10,
      previewHash: preview.contentHash,
      reason: 'more load',
    }
    const refused = override({ ctx: operator, input: sent })
    await expect(refused).rejects.toThrow(InvalidInputError)
    await expect(refused).rejects.toThrow('Nearest that complies: 6 → 8 on')
  })

  test('that is published after the plan voids its approval', async () => {
    const proposal = await scene.propose(10)
    await publish([cap('hard-mandatory')])
    const operator = await scene.person('operator')
    await expect(approve({ ctx: operator, input: seenOf(proposal) })).rejects.toThrow(
      /version \d+ of the published rules stands against it: Rule cap-/,
    )
    const fresh = await getProposal({ ctx: operator, input: { id: proposal.id } })
    expect(fresh.content.allowed).toBe(false)
    await expect(approve({ ctx: operator, input: seenOf(fresh) })).rejects.toThrow(/Rule cap-/)
  })

  test('that is published after the approval voids it at the last moment', async () => {
    const proposal = await scene.propose(10)
    const operator = await scene.person('operator')
    const decision = await approve({ ctx: operator, input: seenOf(proposal) })
    await publish([cap('hard-mandatory')])
    scene.afterHold()
    const observed = [{ targetId: scene.targetId, observedVersion: '7' }]
    const result = await transact(scene.system, (tx) =>
      redeem({ ctx: scene.system, tx, input: { decisionId: decision.id, observed } }),
    )
    expect(result).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining(`Rule cap-${scene.name}: $20.00/h, but at most $16.00/h`),
    })
  })

  test('that makes nothing else of it voids no approval, before or after; a freeze refuses at both', async () => {
    const proposal = await scene.propose(10)
    const operator = await scene.person('operator')
    const elsewhere = { scope: { workload: `not-${scene.name}` }, limitUsd: 1, per: 'workload' as const }
    const other = {
      kind: 'cost-per-hour' as const,
      name: `other-${scene.name}`,
      enforcement: 'hard-mandatory' as const,
    }
    await publish([{ ...other, ...elsewhere }])
    const decision = await approve({ ctx: operator, input: seenOf(proposal) })
    await publish([{ ...other, ...elsewhere, limitUsd: 2 }])
    scene.afterHold()
    const observed = [{ targetId: scene.targetId, observedVersion: '7' }]
    const input = { decisionId: decision.id, observed }
    const inside = (work: (tx: Parameters<Parameters<typeof transact>[1]>[0]) => Promise<unknown>) =>
      transact(scene.system, work)
    const from = new Date(scene.clock.now().getTime() - 1_000).toISOString()
    const to = new Date(scene.clock.now().getTime() + 3_600_000).toISOString()
    const freeze = {
      ...{ kind: 'freeze' as const, name: `freeze-${scene.name}`, enforcement: 'hard-mandatory' as const },
      ...{
        scope: { workload: scene.name },
        window: { repeat: 'once' as const, from, to },
        blocks: 'everything' as const,
      },
    }
    await publish([freeze])
    expect(await inside((tx) => redeem({ ctx: scene.system, tx, input }))).toMatchObject({
      kind: 'void',
      reason: expect.stringContaining('freeze'),
    })
    const back = await getProposal({ ctx: operator, input: { id: proposal.id } })
    await expect(approve({ ctx: operator, input: seenOf(back) })).rejects.toThrow(/freeze/)
    await publish([{ ...other, ...elsewhere }])
    const later = await getProposal({ ctx: operator, input: { id: proposal.id } })
    await expect(approve({ ctx: operator, input: seenOf(later) })).rejects.toThrow(
      'no longer stands against it',
    )
    const free = await getProposal({ ctx: operator, input: { id: proposal.id } })
    const again = await approve({ ctx: operator, input: seenOf(free) })
    await publish([{ ...other, ...elsewhere, limitUsd: 3 }])
    scene.afterHold()
    expect(
      await inside((tx) => redeem({ ctx: scene.system, tx, input: { decisionId: again.id, observed } })),
    ).toMatchObject({ kind: 'approved' })
  })

  test('that is soft gives way to a holder of the permission with a reason, and that is kept', async () => {
    await publish([cap('soft-mandatory')])
    const proposal = await scene.propose(10)
    const seen = seenOf(proposal)
    expect(proposal.content.allowed).toBe(true)
    const operator = await scene.person('operator')
    const waiver = 'a launch, agreed with finance'
    await expect(approve({ ctx: operator, input: { ...seen, waiver } })).rejects.toThrow(ForbiddenError)
    const both = await scene.person('operator', 'admin')
    await expect(approve({ ctx: both, input: seen })).rejects.toThrow('Say why it may pass this once')
    const decision = await approve({ ctx: both, input: { ...seen, waiver } })
    expect(decision.waiver).toEqual({ rules: [`cap-${scene.name}`], reason: waiver })
    const [entry] = await database.db.auditEntry.findMany({
      where: { subject: `proposal/${proposal.id}`, action: 'proposal.approve' },
    })
    expect(JSON.parse(entry?.canonical ?? '{}')).toMatchObject({ body: { waiver: decision.waiver } })
    const observed = [{ targetId: scene.targetId, observedVersion: '7' }]
    scene.afterHold()
    const result = await transact(scene.system, (tx) =>
      redeem({ ctx: scene.system, tx, input: { decisionId: decision.id, observed } }),
    )
    expect(result.kind).toBe('approved')
  })
})

describe('a rule written in Cedar', () => {
  const written = (text: string, tests: object[] = []) => ({
    name: `written-${scene.name}`,
    kind: 'written' as const,
    enforcement: 'hard-mandatory' as const,
    scope: { workload: scene.name },
    text,
    tests: tests as [],
  })
  const most = (to: number) => `@id("most") @message("No more than ${to} at night or day.")
    forbid (principal, action == InfraSage::Action::"scale", resource) when { context.to > ${to} };`

  test('is not kept where Cedar cannot read it, and says where', async () => {
    await expect(draft([written(most(8).replace('context.to', 'context.too'))])).rejects.toThrow(
      /is not valid Cedar: line 2, column \d+: .*`too`/,
    )
  })

  test('is not published while a test of it fails', async () => {
    const tests = [{ name: 'nine', expect: 'permit', given: { to: 9 } }]
    await expect(publish([written(most(8), tests)])).rejects.toThrow(
      `A test of a written rule does not hold: written-${scene.name}: nine (most).`,
    )
  })

  test('refuses an approval and an override, and names what it would have changed before', async () => {
    const proposal = await scene.propose(10)
    const operator = await scene.person('operator')
    const past = await backTest({ ctx: admin, input: { rules: [written(most(8))] } })
    expect(past.rows.find(({ proposalId }) => proposalId === proposal.id)).toMatchObject({
      verdict: 'refused',
    })
    await publish([written(most(8))])
    await expect(approve({ ctx: operator, input: seenOf(proposal) })).rejects.toThrow(/Rule written-/)
    const preview = await previewOverride({
      ctx: operator,
      input: { proposalId: proposal.id, toReplicas: 9 },
    })
    expect(JSON.stringify(preview)).toContain('No more than 8 at night or day.')
  })
})
