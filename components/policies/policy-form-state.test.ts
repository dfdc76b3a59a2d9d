import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PolicyInForce } from '../../server/plan/contract.ts'
import { policyChanges } from './policy-fields.ts'
import { formOf, readForm } from './policy-form-state.ts'

const policy: PolicyInForce = {
  version: 3,
  minReplicas: 2,
  maxReplicas: 40,
  maxStepUp: 8,
  maxStepDown: 4,
  costLimitPerHourUsd: 120.5,
  allowedRegions: ['eu-west', 'eu-north'],
  penaltyRatio: 19,
  surgeProbability: 0.15,
  approvalLeadSeconds: 450,
  scaleDownCooldownSeconds: 900,
  carbonPriceUsdPerKg: 0,
  automationLevel: 'approve',
}

test('an untouched form gives the same values back', () => {
  const { version: _, ...values } = policy
  expect(readForm(formOf(policy))).toEqual({ ok: true, values })
})

test('any probability and any lead survives being shown in percent and minutes', () => {
  const probability = fc.integer({ min: 1, max: 999 }).map((thousandths) => thousandths / 1000)
  fc.assert(
    fc.property(probability, fc.integer({ min: 0, max: 86_400 }), (surgeProbability, approvalLeadSeconds) => {
      const read = readForm(formOf({ ...policy, surgeProbability, approvalLeadSeconds }))
      expect(read.ok && [read.values.surgeProbability, read.values.approvalLeadSeconds]).toEqual([
        surgeProbability,
        approvalLeadSeconds,
      ])
    }),
  )
})

test('what is wrong is named at its field', () => {
  const form = formOf(policy)
  const read = readForm({
    ...form,
    numbers: { ...form.numbers, minReplicas: '50', costLimitPerHourUsd: '', maxStepUp: '2.5' },
    allowedRegions: [],
  })
  expect(read.ok).toBe(false)
  if (read.ok) return
  expect(read.errors.costLimitPerHourUsd).toBe('give a number')
  expect(Object.keys(read.errors).sort()).toEqual(['allowedRegions', 'costLimitPerHourUsd', 'maxStepUp'])
  expect(readForm({ ...form, numbers: { ...form.numbers, minReplicas: '50' } })).toEqual({
    ok: false,
    errors: { minReplicas: 'the minimum must not exceed the maximum' },
  })
})

test('changes name each field that differs, and the order of regions is none', () => {
  const { version: _, ...values } = policy
  expect(policyChanges(policy, { ...values, allowedRegions: ['eu-north', 'eu-west'] })).toEqual([])
  expect(policyChanges(policy, { ...values, maxReplicas: 50 })).toEqual([
    { label: 'Most replicas', before: '40', after: '50' },
  ])
  expect(policyChanges(null, values)).toHaveLength(12)
})
