import { describe, expect, test } from 'vitest'
import type { HarmEvidence } from '../../telemetry/contract.ts'
import type { CapacitySnapshot } from '../contract.ts'
import { planInput, testCapacity } from '../testing/plan-input.ts'
import { planHarm } from './plan-harm.ts'

const harm: HarmEvidence = {
  since: '2026-03-02T08:55:00.000Z',
  steps: 5,
  stepsBefore: 60,
  submittedBefore: 40,
  submittedNow: 58,
  completedBefore: 39,
  completedNow: 39,
  failedBefore: 1,
  failedNow: 19,
  excess: 18,
  excessFailedShare: 0.98,
  distinctBefore: 0.95,
  distinctNow: 0.62,
  excessVariation: 0.02,
  words: ['Since 08:55:00 UTC, 58 jobs/s are submitted instead of 40.'],
}
const submitter: CapacitySnapshot = {
  ...testCapacity,
  poolId: '00000000-0000-4000-8000-000000000012',
  targetId: '00000000-0000-4000-8000-000000000013',
  targetName: 'enrich-submitter',
  control: 'run',
  offering: { ...testCapacity.offering, pricePerReplicaHourUsd: 0.01 },
  desiredReplicas: 1,
  readyReplicas: 1,
}

function proposed(pools: CapacitySnapshot[] = [submitter]) {
  const outcome = planHarm(planInput({ otherPools: pools, lastSampleAt: null }), harm)
  if (outcome.kind !== 'propose') throw new Error(outcome.reason)
  return outcome.content
}

describe('a loop', () => {
  test('is offered for cancelling, for good, and not scaled for', () => {
    const content = proposed()
    expect(content).toMatchObject({ direction: 'stop', purpose: 'stop-harm', inverse: null, allowed: true })
    expect(content.actions).toMatchObject([
      { kind: 'cancel', targetName: 'enrich-submitter', fromReplicas: 1, toReplicas: 0 },
    ])
    expect(content.effect.replicas).toBe(6)
    expect(content.effect.costChangePerHourUsd).toBeCloseTo(-0.01)
    expect(content.summary).toBe(
      'chat-llm: cancel enrich-submitter, a loop of 18 failing jobs/s and no demand',
    )
  })

  test('comes with its evidence, what it costs to let it run, and what scaling for it would', () => {
    const { reasons, evidence, effect } = proposed()
    expect(evidence.harm).toBe(harm)
    expect(reasons[0]).toBe(harm.words[0])
    expect(reasons.join(' ')).toContain('2 more replicas (+$4.00/h)')
    expect(reasons.join(' ')).toContain(
      'the loop alone asks for 30% of what 6 replicas serve, worth $3.60/h; the SLO risk with nothing done is of that and the demand',
    )
    expect(effect.sloRiskBefore).toBeGreaterThan(effect.sloRiskAfter)
  })

  test('can be suspended instead, which is reversible, or let be', () => {
    const { alternatives } = proposed()
    expect(alternatives.map(({ kind, actions }) => [kind, actions[0]?.kind])).toEqual([
      ['do-nothing', undefined],
      ['less', 'suspend'],
      ['more', 'scale'],
    ])
    expect(alternatives[0]?.effect.sloRiskAfter).toBe(alternatives[0]?.effect.sloRiskBefore)
  })
})

test('nothing is proposed where nothing runs, nothing could be stopped, or nothing may be proposed', () => {
  const reason = (change: Parameters<typeof planInput>[0]) => {
    const outcome = planHarm(planInput(change), harm)
    return outcome.kind === 'hold' ? outcome.reason : outcome.content.summary
  }
  expect(reason({ otherPools: [{ ...submitter, desiredReplicas: 0 }] })).toMatch(/was stopped/)
  expect(reason({ otherPools: [] })).toMatch(/no target with the control "run"/)
  const { policy } = planInput()
  expect(reason({ otherPools: [submitter], policy: { ...policy, automationLevel: 'observe' } })).toMatch(
    /observe/,
  )
})
