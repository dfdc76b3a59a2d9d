import { describe, expect, test } from 'vitest'
import type { RuleInput } from '../../contract.ts'
import { ruleList } from '../../contract.ts'
import { checkRules } from '../check.ts'
import { rulePool, ruleWorkload, ruleWorld, setPoint } from '../testing/rule-world.ts'
import { checkWritten } from './check-written.ts'
import { cedarPlaces, written } from './places.ts'
import { writtenJudge } from './policies.ts'
import { usualChange } from './request.ts'

const noSpot = `@id("no-spot")
@message("Production does not run on spot.")
forbid (principal, action == InfraSage::Action::"scale", resource)
when { resource.environment == "production" && context.market == "spot" };`
const dear = `@id("dear")
forbid (principal, action, resource)
when { context.extraUsdPerHour.greaterThan(decimal("10.0")) && context.hourUtc < 6 };`

const rule = (text: string): RuleInput => ({
  name: 'ours',
  kind: 'written',
  enforcement: 'hard-mandatory',
  text,
})
const spot = { pools: [{ ...rulePool, market: 'spot' as const }] }
const held = (text: string, change = {}) =>
  checkRules({ actions: [setPoint(6, 9)] }, ruleWorld([rule(text)], change))

describe('held against a plan', () => {
  test('refuses what a policy forbids, and says which and why', () => {
    expect(held(noSpot)).toMatchObject([{ passed: true, rule: 'written', name: 'ours' }])
    const [refused] = held(noSpot, spot)
    expect(refused).toMatchObject({ passed: false, enforcement: 'hard-mandatory' })
    expect(refused?.message).toBe('Rule ours: no-spot forbids it: Production does not run on spot.')
  })

  test('is about the workloads of its scope alone', () => {
    const staging = { ...spot, workloads: [{ ...ruleWorkload, environment: 'staging' }] }
    expect(held(noSpot, staging)).toMatchObject([{ passed: true }])
    const scoped = { ...rule(noSpot), scope: { environment: 'staging' } }
    expect(checkRules({ actions: [setPoint(6, 9)] }, ruleWorld([scoped], spot))).toEqual([])
  })

  test('money and time are those of the plan', () => {
    const priced = (now: string, price: number) =>
      held(dear, { now, pools: [{ ...rulePool, pricePerHourUsd: price }] })
    expect(priced('2026-03-02T05:59:00.000Z', 3.4)).toMatchObject([{ passed: false }])
    expect(priced('2026-03-02T05:59:00.000Z', 3.3)).toMatchObject([{ passed: true }])
    expect(priced('2026-03-02T06:00:00.000Z', 3.4)).toMatchObject([{ passed: true }])
  })

  test('of several actions each is asked about, and one that is forbidden refuses all', () => {
    const pools = [rulePool, { ...rulePool, poolId: 'b', market: 'spot' as const }]
    const actions = [setPoint(6, 7), setPoint(2, 3, { poolId: 'b' })]
    expect(checkRules({ actions }, ruleWorld([rule(noSpot)], { pools }))).toMatchObject([{ passed: false }])
  })

  test('what cannot be read or judged is refused, never let pass', () => {
    expect(held('forbid (')).toMatchObject([{ passed: false, actual: 'it cannot be judged' }])
    const failing = 'forbid (principal, action, resource) when { context.nothing == 1 };'
    expect(held(failing)).toMatchObject([{ passed: false, actual: 'it cannot be judged' }])
  })

  test('many texts at once do not answer for each other', () => {
    const judges = Array.from({ length: 200 }, (_, i) => ({
      i,
      judge: writtenJudge(`forbid (principal, action, resource) when { context.to == ${i} };`),
    }))
    for (const { i, judge } of judges) {
      expect(judge({ ...usualChange, to: i }).forbidden).toHaveLength(1)
      expect(judge({ ...usualChange, to: i + 1 }).forbidden).toHaveLength(0)
    }
  })
})

describe('parsed sets', () => {
  const text = (i: number) => `forbid (principal, action, resource) when { context.to == ${1_000 + i} };`

  test('of as many rules as one version may hold are each read once, however often they are asked', () => {
    const before = written.held().parses
    for (let round = 0; round < 3; round++)
      for (let i = 0; i < 200; i++) writtenJudge(text(i))({ ...usualChange, to: 1_000 + i + round })
    expect(written.held().parses - before).toBe(200)
  })

  test('are no more than there is room for, and those asked for last stay', () => {
    const places = cedarPlaces('test', { sets: 4, characters: 1_000 })
    for (let i = 0; i < 4; i++) places.placeOf(text(i))
    const first = places.placeOf(text(0))
    const fifth = places.placeOf(text(4))
    expect(places.held()).toMatchObject({ sets: 4, parses: 5 })
    expect(fifth).not.toBe(first)
    expect(places.placeOf(text(0))).toBe(first)
    expect(places.held().parses).toBe(5)
    places.placeOf(text(1))
    expect(places.held()).toMatchObject({ sets: 4, parses: 6 })
    places.placeOf(`${text(9)}${' '.repeat(900)}`)
    expect(places.held().sets).toBe(1)
    expect(places.held().characters).toBeLessThanOrEqual(1_000)
    expect(places.placeOf('forbid (')).toBeNull()
    expect(places.placeOf(text(5))).not.toBeNull()
  })
})

describe('checked while it is typed', () => {
  const problemsOf = (text: string) => checkWritten(text, []).problems

  test('a text without fault names its policies', () => {
    expect(checkWritten(`${noSpot}\n${dear}`, [])).toEqual({
      problems: [],
      policies: ['no-spot', 'dear'],
      tests: [],
    })
  })

  test('a fault has its line and column, and help where Cedar has some', () => {
    expect(problemsOf(`// Überschrift\n${noSpot.replace('context.market', 'context.markt')}`)).toMatchObject([
      {
        severity: 'error',
        line: 5,
        message: expect.stringContaining('markt'),
        help: expect.stringContaining('market'),
      },
    ])
    expect(problemsOf('forbid (principal, action, resource) when {{ };')).toMatchObject([{ line: 1 }])
    expect(problemsOf(noSpot.replace('"scale"', '"scales"'))[0]?.severity).toBe('error')
    expect(problemsOf(noSpot.replace('context.market == "spot"', 'context.market == 3'))).not.toEqual([])
    expect(problemsOf(' ')).toMatchObject([{ message: 'There is no policy yet.' }])
  })

  test.each([
    ['brackets within brackets', `${'('.repeat(200)}true${')'.repeat(200)}`],
    ['signs', `${'-('.repeat(1_000)}1${')'.repeat(1_000)} > 0`],
    ['choices', `${'if true then true else '.repeat(500)}true`],
    ['conditions', Array(1_400).fill('context.to>1').join('&&')],
    ['calls', `context.at${'.toDate()'.repeat(2_000)} == context.at`],
  ])('%s that Cedar would not survive are a fault, and the next text is read as ever', (_, condition) => {
    const text = `forbid (principal, action, resource) when { ${condition} };`
    expect(problemsOf(text)).toMatchObject([{ severity: 'error', line: 1 }])
    expect(held(text)).toMatchObject([{ passed: false, actual: 'it cannot be judged' }])
    expect(problemsOf(noSpot)).toEqual([])
  })

  test('brackets and operators in strings and comments are no nesting', () => {
    const text = noSpot.replace('on spot.', `${'('.repeat(400)} \\" ${'&&'.repeat(400)}`)
    expect(problemsOf(`// ${'('.repeat(400)}\n${text}`)).toEqual([])
  })

  test('a policy of two hundred places, and two hundred policies, are read', () => {
    const places = Array.from({ length: 100 }, (_, i) => `resource.name == "w${i}"`).join(' || ')
    expect(problemsOf(`forbid (principal, action, resource) when { ${places} };`)).toEqual([])
    expect(
      problemsOf(`forbid (principal, action, resource) when { context.to == 3 };\n`.repeat(200)),
    ).toEqual([])
  })

  test('what permits is an error where it stands, and so is a name given twice', () => {
    expect(problemsOf(`${noSpot}\npermit (principal, action, resource);`)).toMatchObject([
      { severity: 'error', line: 5, message: expect.stringContaining('changes nothing') },
    ])
    expect(problemsOf(`${noSpot}\n${noSpot}`)).toMatchObject([{ line: 5 }])
  })

  test('tests say what they brought, and run only where nothing is wrong', () => {
    const tests = [
      { name: 'spot', expect: 'forbid' as const, given: { market: 'spot' as const } },
      { name: 'owned', expect: 'forbid' as const, given: { market: 'owned' as const } },
    ]
    expect(checkWritten(noSpot, tests).tests).toEqual([
      { name: 'spot', passed: true, got: 'forbid', why: 'no-spot' },
      { name: 'owned', passed: false, got: 'permit', why: 'no policy forbids it' },
    ])
    expect(checkWritten('forbid (', tests).tests).toEqual([])
  })
})

test('a written rule stands in a list like any other', () => {
  expect(ruleList.safeParse([rule(noSpot)]).success).toBe(true)
  expect(ruleList.safeParse([{ ...rule(noSpot), text: '' }]).success).toBe(false)
})
