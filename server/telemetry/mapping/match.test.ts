import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { MappingInput } from '../contract.ts'
import { createMatcher, fits } from './match.ts'

const rule = (change: Partial<MappingInput>): MappingInput => ({
  priority: 10,
  metric: 'requests_total',
  matchLabels: {},
  workloadLabel: 'workload',
  workloadName: null,
  signal: 'requests_per_second',
  kind: 'counter',
  scale: 1,
  ...change,
})

it('takes the first rule by priority, whatever the order in which they stand', () => {
  const match = createMatcher([rule({ priority: 2, scale: 2 }), rule({ priority: 1, scale: 1 })])
  expect(match('requests_total', { workload: 'chat' })?.scale).toBe(1)
})

it('goes on to the next where labels differ or the workload is not named', () => {
  const match = createMatcher([
    rule({ priority: 1, matchLabels: { env: 'prod' }, scale: 1 }),
    rule({ priority: 2, workloadLabel: 'namespace', scale: 2 }),
    rule({ priority: 3, workloadLabel: null, workloadName: 'fixed', scale: 3 }),
  ])
  expect(match('requests_total', { env: 'prod', workload: 'a' })).toMatchObject({
    workloadName: 'a',
    scale: 1,
  })
  expect(match('requests_total', { env: 'prod', namespace: 'b' })).toMatchObject({
    workloadName: 'b',
    scale: 2,
  })
  expect(match('requests_total', { namespace: '' })).toMatchObject({ workloadName: 'fixed', scale: 3 })
  expect(match('requests', {})).toBeNull()
})

it('knows * and no other pattern', () => {
  expect(fits('vllm:*_total', 'vllm:request_success_total')).toBe(true)
  expect(fits('vllm:*_total', 'vllm:_total')).toBe(true)
  expect(fits('vllm:*_total', 'vllm:request_success_total_sum')).toBe(false)
  expect(fits('aba*ab', 'abab')).toBe(false)
  expect(fits('http.server.(a+)+$', 'http.server.(a+)+$')).toBe(true)
  expect(fits('http.server', 'httpxserver')).toBe(false)
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.') })
  const patterned = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 6 })
  fc.assert(
    fc.property(patterned, text, (pattern, name) => {
      const expression = pattern.replaceAll('.', '\\.').replaceAll('*', '.*')
      expect(fits(pattern, name)).toBe(new RegExp(`^${expression}$`).test(name))
    }),
  )
})

it('is not caught in a pattern of many stars', () => {
  expect(fits(`${'*a'.repeat(100)}b`, 'a'.repeat(100_000))).toBe(false)
})
