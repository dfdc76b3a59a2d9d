import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { actionKinds } from '../../plan/contract.ts'
import {
  type ApprovalRule,
  approvalPolicy,
  approvalRule,
  automationLevels,
  type Clause,
  origins,
} from './contract.ts'
import { narrowest } from './given.ts'
import { type ApprovalFacts, clausesOf, failSafeFor, leastLevel } from './match.ts'
import { outOfReach } from './out-of-reach.ts'
import { type Approver, isMet, mostMissing, standingOf } from './satisfied.ts'
import { whyNot } from './standing.ts'
import { differencesOf } from './words.ts'

const teams = ['sre', 'chat', 'platform', 'finance']
const environments = ['production', 'staging']
const people = ['ann', 'ben', 'cid', 'dee', 'eve', 'fay']

const clause = fc
  .record({
    approvers: fc.integer({ min: 1, max: 4 }),
    teams: fc.integer({ min: 1, max: 4 }),
    from: fc.subarray(teams),
  })
  .map(({ approvers, teams: asked, from }): Clause => {
    const most = from.length === 0 ? approvers : Math.min(approvers, from.length)
    return { rule: 'r', approvers, from, teams: Math.min(asked, most) }
  })
const approver = fc.record<Approver>({ userId: fc.constantFrom(...people), groups: fc.subarray(teams) })
const approvers = fc.array(approver, { maxLength: 7 })

const facts = fc.record<ApprovalFacts>({
  workloads: fc.array(
    fc.record({
      name: fc.constantFrom('chat-llm', 'batch'),
      team: fc.constantFrom('chat', 'data'),
      environment: fc.constantFrom(...environments),
      dataClassification: fc.constantFrom('internal', 'restricted'),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  kinds: fc.subarray([...actionKinds], { minLength: 1 }),
  origin: fc.constantFrom(...origins),
  costChangePerHourUsd: fc.double({ min: -50, max: 50, noNaN: true }),
  sharedWith: fc.integer({ min: 0, max: 5 }),
})
const rules = fc.array(
  fc
    .tuple(
      clause,
      fc.record({
        scope: fc.record({ environment: fc.constantFrom(...environments) }, { requiredKeys: [] }),
        kinds: fc.option(fc.subarray([...actionKinds], { minLength: 1 }), { nil: undefined }),
        when: fc.record(
          {
            costChangePerHourUsd: fc.double({ min: 0, max: 40, noNaN: true }),
            sharedWith: fc.integer({ min: 1, max: 4 }),
            origins: fc.subarray([...origins], { minLength: 1 }),
          },
          { requiredKeys: [] },
        ),
      }),
    )
    .map(
      ([{ approvers: n, teams: k, from }, rest]): ApprovalRule => ({
        name: 'r',
        approvers: n,
        teams: k,
        from,
        ...rest,
      }),
    ),
  { maxLength: 5 },
)

/** Whether people can be given to groups so that nobody stands for two: by trying all ways, for small cases. */
function coverable(groups: string[][], wanted: number): boolean {
  if (wanted === 0) return true
  const [first, ...rest] = groups
  if (first === undefined) return false
  return (
    coverable(rest, wanted) ||
    first.some((group) =>
      coverable(
        rest.map((held) => held.filter((other) => other !== group)),
        wanted - 1,
      ),
    )
  )
}

describe('what is asked for', () => {
  test('more rules never need fewer people', () => {
    fc.assert(
      fc.property(rules, rules, facts, approvers, (some, more, of, given) => {
        const withMore = isMet(standingOf(clausesOf([...some, ...more], of), given))
        if (withMore) expect(isMet(standingOf(clausesOf(some, of), given))).toBe(true)
      }),
    )
  })

  test('more cost or a wider blast radius never needs fewer people', () => {
    fc.assert(
      fc.property(rules, facts, approvers, fc.nat(30), fc.nat(3), (some, of, given, usd, mates) => {
        const graver = {
          ...of,
          costChangePerHourUsd: of.costChangePerHourUsd + usd,
          sharedWith: of.sharedWith + mates,
        }
        if (isMet(standingOf(clausesOf(some, graver), given)))
          expect(isMet(standingOf(clausesOf(some, of), given))).toBe(true)
      }),
    )
  })

  test('somebody is always asked', () => {
    fc.assert(
      fc.property(rules, facts, (some, of) => {
        expect(isMet(standingOf(clausesOf(some, of), []))).toBe(false)
      }),
    )
  })
})

describe('who counts', () => {
  test('exactly as trying all ways says, and nobody twice or for two teams', () => {
    fc.assert(
      fc.property(
        clause,
        fc.uniqueArray(approver, { selector: ({ userId }) => userId, maxLength: 6 }),
        (asked, given) => {
          const of = given.map(({ groups }) =>
            asked.from.length === 0 ? [...groups] : groups.filter((group) => asked.from.includes(group)),
          )
          const counted = asked.from.length === 0 ? of : of.filter((held) => held.length > 0)
          const met =
            counted.length >= asked.approvers && (asked.teams === 1 || coverable(counted, asked.teams))
          const [standing] = standingOf([asked], given)
          expect(standing?.missing === null).toBe(met)
          expect(standing?.have).toBeLessThanOrEqual(asked.approvers)
          expect(standing?.have === asked.approvers).toBe(met)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('saying it again, from another session or by a key, changes nothing', () => {
    fc.assert(
      fc.property(clause, approvers, approver, (asked, given, again) => {
        const before = standingOf([asked], [...given, again])
        expect(standingOf([asked], [...given, again, again])).toEqual(before)
      }),
    )
  })

  test('whoever is excluded never counts, whatever they hold', () => {
    fc.assert(
      fc.property(clause, approvers, (asked, given) => {
        const without = given.filter(({ userId }) => userId !== 'ann')
        expect(standingOf([asked], given, ['ann'])).toEqual(standingOf([asked], without))
      }),
    )
  })

  test('one more person never takes anything away', () => {
    fc.assert(
      fc.property(clause, approvers, approver, (asked, given, one) => {
        fc.pre(given.every(({ userId }) => userId !== one.userId))
        const [before] = standingOf([asked], given)
        const [after] = standingOf([asked], [...given, one])
        expect(after?.have).toBeGreaterThanOrEqual(before?.have ?? 0)
      }),
    )
  })
})

test.each<[Omit<Clause, 'rule'>, Approver[], string | null]>([
  [{ approvers: 1, teams: 1, from: [] }, [], '0 of 1: needs one more'],
  [
    { approvers: 2, teams: 2, from: ['sre', 'chat'] },
    [{ userId: 'ann', groups: ['chat'] }],
    '1 of 2: needs one from team sre',
  ],
  [
    { approvers: 2, teams: 2, from: ['sre', 'chat', 'finance'] },
    [
      { userId: 'ann', groups: ['chat'] },
      { userId: 'ben', groups: ['chat'] },
    ],
    '1 of 2: needs one from team sre or finance',
  ],
  [
    { approvers: 2, teams: 2, from: [] },
    [{ userId: 'ann', groups: ['chat'] }],
    '1 of 2: needs one from another team',
  ],
  [
    { approvers: 2, teams: 1, from: ['sre'] },
    [{ userId: 'ann', groups: ['chat'] }],
    '0 of 2: needs 2 from team sre',
  ],
  [
    { approvers: 2, teams: 2, from: ['sre', 'chat'] },
    [
      { userId: 'ann', groups: ['chat', 'sre'] },
      { userId: 'ben', groups: ['chat'] },
    ],
    null,
  ],
])('%o with %o: %s', (asked, given, words) => {
  expect(mostMissing(standingOf([{ rule: 'r', ...asked }], given))).toBe(words)
})

test('nobody approves their own, nor twice', () => {
  const given = [
    { decisionId: 'd', userId: 'ann', who: 'Ann', roles: [], groups: [], at: '2026-03-02T09:00:00.000Z' },
  ]
  expect(whyNot({ authorId: 'ben', given }, 'ben')).toContain('somebody else has to approve')
  expect(whyNot({ authorId: 'ben', given }, 'ann')).toContain('You said yes at 09:00 UTC')
  expect(whyNot({ authorId: 'ben', given }, 'cid')).toBeNull()
})

test('the least level wins, and of fail-safes the one that acts least', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...automationLevels), { minLength: 1 }), (levels) => {
      const ranks = levels.map((level) => automationLevels.indexOf(level))
      expect(automationLevels.indexOf(leastLevel(levels))).toBe(Math.min(...ranks))
    }),
  )
  const policy = approvalPolicy.parse({
    failSafes: [
      { name: 'up', fallback: 'scale-up', maxCostChangePerHourUsd: 10 },
      { name: 'keep', fallback: 'hold', scope: { environment: 'production' } },
    ],
  })
  const about = (environment: string) => ({
    workloads: [{ name: 'a', team: 't', environment, dataClassification: 'internal' }],
    kinds: ['scale' as const],
  })
  expect(failSafeFor(policy.failSafes, about('production'))?.name).toBe('keep')
  expect(failSafeFor(policy.failSafes, about('staging'))?.name).toBe('up')
})

test('windows of several approvers come to the span that lies in all of them', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 2, 2, hour))
  expect(
    narrowest([
      { notBefore: at(20), notAfter: at(23) },
      { notBefore: null, notAfter: null },
      { notBefore: at(21), notAfter: at(24) },
    ]),
  ).toEqual({ notBefore: at(21), notAfter: at(23) })
})

test('a rule that nobody could meet, and names used twice, are refused in words', () => {
  const wrong = (rule: object) =>
    approvalRule.safeParse({ name: 'r', approvers: 2, ...rule }).error?.issues[0]?.message
  expect(wrong({ teams: 3 })).toBe('more teams than approvers cannot be')
  expect(wrong({ teams: 2, from: ['sre'] })).toBe('more teams than are named cannot be')
  const twice = {
    approvals: [{ name: 'r', approvers: 1 }],
    failSafes: [{ name: 'r', fallback: 'hold' as const }],
  }
  expect(approvalPolicy.safeParse(twice).error?.issues[0]?.message).toBe('another rule is called "r"')
  expect(approvalPolicy.safeParse({ automation: [{ name: 'a', level: 'automatic' }] }).success).toBe(false)
})

test('what differs between two versions is said in words', () => {
  const before = approvalPolicy.parse({})
  const after = approvalPolicy.parse({
    approvals: [
      { name: 'two', approvers: 2, teams: 2, from: ['sre', 'chat'], scope: { environment: 'production' } },
    ],
    holdSeconds: 30,
  })
  expect(differencesOf(before, after)).toEqual([
    { what: 'hold before dispatch', before: '5 s', after: '30 s' },
    {
      what: 'approval rule two',
      before: null,
      after: 'environment production: 2 approvers from 2 different teams of sre, chat',
    },
  ])
})

describe('what nobody could give', () => {
  const clause = { rule: 'two-teams', approvers: 2, teams: 2, from: ['sre', 'assistants'] }
  const [sre, chat] = [
    { userId: 'sam', groups: ['sre'] },
    { userId: 'kim', groups: ['assistants'] },
  ]
  test('is said where the only member of a team wrote the numbers, and where a team has nobody', () => {
    const of = (deciders: { userId: string; groups: string[] }[], authorId: string | null) =>
      outOfReach([clause], { given: [], deciders, authorId })
    expect(of([sre, chat], null)).toBeNull()
    expect(of([sre, chat], 'sam')).toBe(
      'Nobody but the author of these numbers could give what is missing, and nobody approves their own. With everybody else: 1 of 2: needs one from team sre.',
    )
    expect(of([sre, chat, { userId: 'joe', groups: ['sre'] }], 'sam')).toBeNull()
    expect(of([chat], null)).toContain('Nobody could give what is missing.')
  })
})
