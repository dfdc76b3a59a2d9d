import { expect, test } from 'vitest'
import type { OverviewWorkload } from '../../server/api/contract.ts'
import type { ProposalRow } from '../../server/governance/contract.ts'
import { comingOf, highestByUnit } from './coming.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 12, minutes)).toISOString()
const lead = (minutes: number, upper90: number) => ({ at: at(minutes), median: 50, lower10: 20, upper90 })

function entry(name: string, change: Partial<OverviewWorkload> = {}): OverviewWorkload {
  return {
    workload: {
      id: name,
      name,
      title: name,
      kind: 'inference',
      environment: 'production',
      team: 'a',
      dataClassification: 'internal',
      requiredSecurityTier: 1,
      stepSeconds: 60,
      demandSignal: 'requests_per_second',
      objectiveP99Ms: 1_000,
      userShares: {},
      reworkSeconds: null,
      repeatShare: null,
      sandbox: false,
      createdAt: at(0),
      endedAt: null,
    },
    freshness: null,
    policy: null,
    desiredReplicas: 10,
    readyReplicas: 10,
    readAt: null,
    capacity: 100,
    costPerHourUsd: 1,
    unit: 'req/s',
    recent: [{ at: at(0), value: 40 }],
    forecast: {
      id: 'f',
      issuedAt: at(0),
      peakAt: at(20),
      peakMedian: 50,
      peakUpper90: 120,
      passProbability: 0.25,
      points: [lead(10, 90), lead(20, 120)],
    },
    waiting: null,
    heldBy: [],
    ...change,
  }
}

function proposal(workload: OverviewWorkload['workload'], surgeAt: string | null): ProposalRow {
  return {
    id: `p-${workload.name}`,
    number: 1,
    kind: 'scale',
    purpose: 'capacity',
    state: 'waiting',
    revision: 1,
    contentHash: '0'.repeat(64),
    workload,
    actionCount: 1,
    workloadCount: 1,
    summary: '',
    direction: 'up',
    fromReplicas: 10,
    toReplicas: 12,
    place: '',
    confidence: 0.9,
    surgeProbability: 0.7,
    sloRiskBefore: 0.3,
    sloRiskAfter: 0.1,
    costChangePerHourUsd: 2,
    surgeAt,
    countered: false,
    endorsements: 0,
    overdueSince: null,
    actBy: at(5),
    expiresAt: at(9),
    createdAt: at(0),
    voidReason: null,
    newerAdvice: null,
    regretUsd: 3,
    decideSeconds: 600,
    snoozedUntil: null,
    snoozedBy: null,
    dispatchState: null,
  }
}

test('the 90 % quantile passing ready capacity is possible, and dated at the first lead that does', () => {
  expect(comingOf([entry('a')], [])).toMatchObject([
    { kind: 'possible', at: Date.parse(at(20)), probability: 0.25, proposalId: null },
  ])
  expect(comingOf([entry('a', { capacity: 120 })], [])).toEqual([])
})

test('without a forecast nothing is said', () => {
  expect(comingOf([entry('a', { forecast: null })], [])).toEqual([])
})

test('a proposal that answers a surge gives its time, and the newest forecast how likely; the nearest comes first', () => {
  const late = entry('late')
  const soon = entry('soon', { capacity: 1_000 })
  const coming = comingOf([late, soon], [proposal(soon.workload, at(7))])
  expect(coming.map((item) => item.workload.name)).toEqual(['soon', 'late'])
  expect(coming[0]).toMatchObject({ kind: 'surge', probability: 0.25, proposalId: 'p-soon' })
  const unknown = entry('unknown', { capacity: null })
  const known = { ...unknown, forecast: unknown.forecast && { ...unknown.forecast, passProbability: null } }
  expect(comingOf([known], [proposal(known.workload, at(7))])).toMatchObject([{ probability: 0.7 }])
})

test('a proposal to scale down answers no surge', () => {
  const calm = entry('calm', { capacity: 1_000 })
  expect(comingOf([calm], [proposal(calm.workload, null)])).toEqual([])
})

test('charts of one unit share a scale', () => {
  const highest = highestByUnit([entry('a'), entry('b', { capacity: 300 }), entry('c', { unit: 'jobs/s' })])
  expect([...highest]).toEqual([
    ['req/s', 300],
    ['jobs/s', 120],
  ])
})
