import { expect, test } from 'vitest'
import { type Rule, type RuleInput, ruleSchema } from '../../../server/plan/contract.ts'
import { formOf, readRule } from './rule-form-state.ts'

const rules: RuleInput[] = [
  { name: 'a', kind: 'cost-per-hour', enforcement: 'hard-mandatory', limitUsd: 12.5, per: 'team' },
  { name: 'b', kind: 'cost-per-month', enforcement: 'advisory', limitUsd: 9_000, scope: { team: 'chat' } },
  {
    name: 'c',
    kind: 'jurisdictions',
    enforcement: 'hard-mandatory',
    allowed: ['EU', 'CH'],
    note: 'as agreed',
  },
  { name: 'd', kind: 'security-tier', enforcement: 'soft-mandatory', minimum: 3 },
  { name: 'e', kind: 'step-limit', enforcement: 'advisory', maxUp: 8, maxDown: 2 },
  { name: 'f', kind: 'rate-limit', enforcement: 'advisory', maxChangesPerHour: 6 },
  { name: 'g', kind: 'spot-share', enforcement: 'advisory', maxShare: 0.35 },
  { name: 'h', kind: 'carbon', enforcement: 'advisory', limit: 4, unit: 'g-per-thousand' },
  {
    name: 'i',
    kind: 'freeze',
    enforcement: 'hard-mandatory',
    blocks: 'falls',
    window: { repeat: 'weekly', days: ['fri', 'sat'], from: '18:00', to: '06:00', timeZone: 'Europe/Berlin' },
  },
  {
    name: 'j',
    kind: 'freeze',
    enforcement: 'hard-mandatory',
    window: { repeat: 'once', from: '2026-12-20T00:00:00.000Z', to: '2027-01-02T00:00:00.000Z' },
  },
]

test('an untouched form of any rule gives the same rule back', () => {
  for (const input of rules) {
    const rule: Rule = ruleSchema.parse(input)
    expect(readRule(formOf(rule), [])).toEqual({ ok: true, rule })
  }
})

test('what is wrong is named at its field, in words', () => {
  const form = formOf(null)
  expect(readRule(form, [])).toEqual({
    ok: false,
    errors: { name: 'use a–z, 0–9 and "-", at most 63', limit: 'give a number' },
  })
  expect(readRule({ ...form, name: 'a', limit: '-3' }, ['a'])).toEqual({
    ok: false,
    errors: { name: 'another rule has this name', limit: 'must be more than 0' },
  })
  const freeze = { ...form, name: 'night', kind: 'freeze' as const }
  expect(readRule({ ...freeze, timeZone: 'Mars', days: [] }, [])).toEqual({
    ok: false,
    errors: {
      days: 'name at least one day',
      timeZone: 'is no time zone of the IANA database, such as "Europe/Berlin"',
    },
  })
  expect(readRule({ ...freeze, repeat: 'once', onceFrom: 2, onceTo: 1 }, [])).toEqual({
    ok: false,
    errors: { onceTo: 'must be after its start' },
  })
  expect(readRule({ ...freeze, repeat: 'once' }, [])).toEqual({
    ok: false,
    errors: { onceFrom: 'choose a moment', onceTo: 'choose a moment' },
  })
  expect(readRule({ ...form, name: 'x', kind: 'spot-share', maxShare: '100' }, [])).toEqual({
    ok: false,
    errors: { maxShare: 'give a percentage from 0 to less than 100' },
  })
})
