import { describe, expect, test } from 'vitest'
import {
  type Action,
  type Purpose,
  type RuleInput,
  type RuleWorld,
  ruleList,
  type Weekday,
} from '../contract.ts'
import { checkRules } from './check.ts'
import { rulePool, ruleWorkload, ruleWorld, setPoint } from './testing/rule-world.ts'

const hard = { enforcement: 'hard-mandatory' } as const

/** Whether one rule lets the actions pass; null where it has nothing to say. */
function passes(
  rule: RuleInput,
  actions: Action[],
  change: Partial<RuleWorld> = {},
  purpose?: Purpose,
): boolean | null {
  const results = checkRules({ actions, ...(purpose ? { purpose } : {}) }, ruleWorld([rule], change))
  return results.length === 0 ? null : results.every(({ passed }) => passed)
}

test('a rule is about the workloads that match all of its scope', () => {
  const rule = { ...hard, name: 'tier', kind: 'security-tier', minimum: 5 } as const
  const up = [setPoint(6, 8)]
  expect(passes(rule, up)).toBe(false)
  expect(passes({ ...rule, scope: { team: 'chat', environment: 'production' } }, up)).toBe(false)
  expect(passes({ ...rule, scope: { team: 'chat', environment: 'staging' } }, up)).toBeNull()
  expect(passes({ ...rule, scope: { dataClassification: 'restricted' } }, up)).toBeNull()
})

describe('cost', () => {
  const rule = { ...hard, name: 'cap', kind: 'cost-per-hour', limitUsd: 20 } as const
  const other = { ...rulePool, poolId: 'b', workloadId: 'v', level: 3 }
  const team = {
    workloads: [ruleWorkload, { ...ruleWorkload, id: 'v', name: 'code-assist' }],
    pools: [rulePool, other],
  }

  test('is held to the limit, and what falls is never refused', () => {
    expect(passes(rule, [setPoint(6, 10)])).toBe(true)
    expect(passes(rule, [setPoint(6, 11)])).toBe(false)
    expect(passes(rule, [setPoint(30, 25)])).toBe(true)
    expect(passes(rule, [setPoint(1, 0, { kind: 'cancel' })])).toBe(true)
  })

  test('of a team is the sum over its workloads, those at rest included', () => {
    expect(passes({ ...rule, per: 'team' }, [setPoint(6, 7)], team)).toBe(true)
    expect(passes({ ...rule, per: 'team' }, [setPoint(6, 8)], team)).toBe(false)
    expect(passes(rule, [setPoint(6, 8)], team)).toBe(true)
  })

  test('of a move counts both sides while they run at once', () => {
    const pools = { pools: [rulePool, { ...rulePool, poolId: 'b', level: 0 }] }
    const raise = setPoint(0, 6, { poolId: 'b', stage: 0 })
    const lower = setPoint(6, 0, { stage: 1 })
    expect(passes(rule, [raise, lower], pools)).toBe(false)
    expect(passes({ ...rule, limitUsd: 24 }, [raise, lower], pools)).toBe(true)
    expect(
      passes(
        rule,
        [
          { ...lower, stage: 0 },
          { ...raise, stage: 1 },
        ],
        pools,
      ),
    ).toBe(true)
    expect(passes(rule, [{ ...lower, stage: 0 }, raise], pools)).toBe(false)
  })

  const month = { ...hard, name: 'month', kind: 'cost-per-month' } as const

  test('of a month is held against the forecast of its end', () => {
    // $400 so far, an hour of eight replicas at $2, and 709.99 h at $10 are left: about $7,516.
    expect(passes({ ...month, limitUsd: 7_520 }, [setPoint(6, 8)])).toBe(true)
    expect(passes({ ...month, limitUsd: 7_514 }, [setPoint(6, 8)])).toBe(false)
    expect(passes({ ...month, limitUsd: 7_000 }, [setPoint(6, 5)])).toBe(true)
    const [result] = checkRules({ actions: [setPoint(6, 8)] }, ruleWorld([{ ...month, limitUsd: 7_514 }]))
    expect(result?.message).toBe(
      'Rule month: $7,515.92 forecast for the month’s end, but at most $7,514.00 a month for chat-llm.',
    )
  })

  test('of a month counts what rose before, also where the week’s usual hour does not know it yet', () => {
    const stands = { pools: [{ ...rulePool, level: 8 }] }
    expect(passes({ ...month, limitUsd: 7_518 }, [setPoint(6, 8)])).toBe(true)
    expect(passes({ ...month, limitUsd: 7_518 }, [setPoint(8, 10)], stands)).toBe(false)
  })

  test('of a month is no cheaper just before its end: what stays longer is held against the next one', () => {
    // The next month is 720 h at $10, but 59 minutes of them with whatever is planned.
    const now = '2026-03-31T23:59:00.000Z'
    const [present, next] = checkRules(
      { actions: [setPoint(6, 60)] },
      ruleWorld([{ ...month, limitUsd: 7_250 }], { now }),
    )
    expect(present).toMatchObject({ passed: true })
    expect(next).toMatchObject({
      passed: false,
      message:
        'Rule month: $7,308.17 forecast for the next month’s end, but at most $7,250.00 a month for chat-llm.',
    })
    expect(passes({ ...month, limitUsd: 7_250 }, [setPoint(6, 9)], { now })).toBe(true)
  })
})

test('jurisdictions and tiers are asked of what is raised alone', () => {
  const eu: RuleInput & { kind: 'jurisdictions' } = {
    ...hard,
    name: 'eu',
    kind: 'jurisdictions',
    allowed: ['CH'],
  }
  expect(passes(eu, [setPoint(6, 7)])).toBe(false)
  expect(passes(eu, [setPoint(6, 5)])).toBe(true)
  expect(passes({ ...eu, allowed: ['CH', 'EU'] }, [setPoint(6, 7)])).toBe(true)
})

test('a step limit binds set-points, not jobs that are stopped', () => {
  const step = { ...hard, name: 'step', kind: 'step-limit', maxUp: 3, maxDown: 1 } as const
  expect(passes(step, [setPoint(6, 9)])).toBe(true)
  expect(passes(step, [setPoint(6, 10)])).toBe(false)
  expect(passes(step, [setPoint(6, 4)])).toBe(false)
  expect(passes(step, [setPoint(6, 0, { kind: 'cancel' })])).toBe(true)
})

test('a rate limit counts the change in question', () => {
  const rate = { ...hard, name: 'rate', kind: 'rate-limit', maxChangesPerHour: 2 } as const
  const after = (changesLastHour: number) => ({ workloads: [{ ...ruleWorkload, changesLastHour }] })
  expect(passes(rate, [setPoint(6, 7)], after(1))).toBe(true)
  expect(passes(rate, [setPoint(6, 7)], after(2))).toBe(false)
  expect(passes(rate, [setPoint(1, 0, { kind: 'cancel' })], after(2), 'stop-harm')).toBe(true)
})

describe('a freeze', () => {
  const once = { repeat: 'once', from: '2026-03-02T09:00:00Z', to: '2026-03-02T10:00:00Z' } as const
  const freeze = { ...hard, name: 'freeze', kind: 'freeze', window: once } as const

  test('refuses every change from its start to its end', () => {
    expect(passes(freeze, [setPoint(6, 7)])).toBe(false)
    expect(passes(freeze, [setPoint(6, 5)])).toBe(false)
    expect(passes(freeze, [setPoint(6, 7)], { now: '2026-03-02T10:00:00Z' })).toBe(true)
    expect(passes(freeze, [setPoint(6, 7)], { now: '2026-03-02T08:59:59.999Z' })).toBe(true)
  })

  test('of falls alone lets capacity be added', () => {
    expect(passes({ ...freeze, blocks: 'falls' }, [setPoint(6, 7)])).toBe(true)
    expect(passes({ ...freeze, blocks: 'falls' }, [setPoint(6, 5)])).toBe(false)
  })

  test('does not keep a job alive that does harm', () => {
    expect(passes(freeze, [setPoint(1, 0, { kind: 'cancel' })], {}, 'stop-harm')).toBe(true)
    expect(passes(freeze, [setPoint(1, 0, { kind: 'cancel' })])).toBe(false)
    expect(passes(freeze, [setPoint(6, 5)], {}, 'stop-harm')).toBe(false)
  })

  test('of a week runs by the wall clock of its zone, past midnight and through summer time', () => {
    const window = { repeat: 'weekly' as const, days: ['sun' as const], from: '22:00', to: '06:00' }
    const at = (timeZone: string, now: string) =>
      passes({ ...freeze, window: { ...window, timeZone } }, [setPoint(6, 7)], { now })
    expect(at('UTC', '2026-03-01T21:59:59Z')).toBe(true)
    expect(at('UTC', '2026-03-01T22:00:00Z')).toBe(false)
    expect(at('UTC', '2026-03-02T05:59:59Z')).toBe(false)
    expect(at('UTC', '2026-03-02T06:00:00Z')).toBe(true)
    // Clocks in Berlin go from 02:00 to 03:00 on Sunday, 29 March: the end is 04:00 UTC from then on, not 05:00.
    expect(at('Europe/Berlin', '2026-03-02T04:30:00Z')).toBe(false)
    expect(at('Europe/Berlin', '2026-03-30T04:30:00Z')).toBe(true)
    expect(at('America/New_York', '2026-03-02T03:00:00Z')).toBe(false)
  })
})

test('a weekly freeze that ends when it begins lasts a whole day, to its last second', () => {
  const days: Weekday[] = ['sat', 'sun']
  const window = { repeat: 'weekly' as const, days, from: '00:00', to: '00:00', timeZone: 'UTC' }
  const freeze = { ...hard, name: 'weekend', kind: 'freeze' as const, window }
  const at = (now: string, from = '00:00') =>
    passes({ ...freeze, window: { ...window, from, to: from } }, [setPoint(6, 7)], { now })
  expect(ruleList.safeParse([freeze]).success).toBe(true)
  expect(at('2026-03-06T23:59:59Z')).toBe(true)
  expect(at('2026-03-07T00:00:00Z')).toBe(false)
  expect(at('2026-03-07T23:59:59Z')).toBe(false)
  expect(at('2026-03-08T23:59:59.999Z')).toBe(false)
  expect(at('2026-03-09T00:00:00Z')).toBe(true)
  expect(at('2026-03-09T07:59:00Z', '08:00')).toBe(false)
  expect(at('2026-03-09T08:00:00Z', '08:00')).toBe(true)
})

test('a weekly freeze that ends at 23:59 lasts to the end of the day', () => {
  const days: Weekday[] = ['sat']
  const window = { repeat: 'weekly' as const, days, from: '08:00', to: '23:59', timeZone: 'UTC' }
  const freeze = { ...hard, name: 'weekend', kind: 'freeze' as const, window }
  const at = (now: string, change = {}) =>
    passes({ ...freeze, window: { ...window, ...change } }, [setPoint(6, 7)], { now })
  expect(at('2026-03-07T07:59:59Z')).toBe(true)
  expect(at('2026-03-07T23:59:00Z')).toBe(false)
  expect(at('2026-03-07T23:59:59.999Z')).toBe(false)
  expect(at('2026-03-08T00:00:00Z')).toBe(true)
  expect(at('2026-03-07T23:58:00Z', { to: '23:58' })).toBe(true)
  expect(at('2026-03-08T23:58:59Z', { from: '23:59' })).toBe(false)
})

test('a share of spot is held at every moment of the stages, not at the end alone', () => {
  const share = { ...hard, name: 'spot', kind: 'spot-share', maxShare: 0.5 } as const
  const pools = [
    { ...rulePool, level: 4 },
    { ...rulePool, poolId: 's', market: 'spot' as const, level: 4 },
  ]
  const spotUp = setPoint(4, 5, { poolId: 's', stage: 0 })
  const ownUp = setPoint(4, 5, { stage: 1 })
  expect(passes(share, [spotUp, ownUp], { pools })).toBe(false)
  expect(
    passes(
      share,
      [
        { ...ownUp, stage: 0 },
        { ...spotUp, stage: 1 },
      ],
      { pools },
    ),
  ).toBe(true)
  expect(passes(share, [setPoint(4, 3)], { pools })).toBe(false)
  expect(passes(share, [setPoint(4, 3, { poolId: 's' })], { pools })).toBe(true)
})

test('carbon is bounded by the hour or by what is served', () => {
  const hour = { ...hard, name: 'co2', kind: 'carbon', limit: 800 } as const
  expect(passes(hour, [setPoint(6, 8)])).toBe(true)
  expect(passes(hour, [setPoint(6, 9)])).toBe(false)
  // 50 units per second are 180 thousand an hour: 800 g/h are 4.44 g per thousand.
  const unit = { ...hour, unit: 'g-per-thousand' } as const
  expect(passes({ ...unit, limit: 4.5 }, [setPoint(6, 8)])).toBe(true)
  expect(passes({ ...unit, limit: 4.4 }, [setPoint(6, 8)])).toBe(false)
  const dark = { workloads: [{ ...ruleWorkload, demandPerSecond: null }] }
  expect(passes(unit, [setPoint(6, 60)], dark)).toBeNull()
})

test('a pool that rules cannot see passes none', () => {
  expect(() =>
    passes({ ...hard, name: 'x', kind: 'carbon', limit: 1 }, [setPoint(1, 2, { poolId: 'z' })]),
  ).toThrow('unknown pool z')
})
