import { isDeepStrictEqual } from 'node:util'
import type { Rule } from '../../plan/contract.ts'
import type { RuleDifference } from './contract.ts'

/** Rules that were added, changed or taken out, by name. */
export function differencesOf(before: readonly Rule[], after: readonly Rule[]): RuleDifference[] {
  const old = new Map(before.map((rule) => [rule.name, rule]))
  const fresh = new Map(after.map((rule) => [rule.name, rule]))
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((name) => ({ name, before: old.get(name) ?? null, after: fresh.get(name) ?? null }))
    .filter((one) => !isDeepStrictEqual(one.before, one.after))
}
