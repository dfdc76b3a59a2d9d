import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readinessOf } from './readiness.ts'

const up = { fromReplicas: 6, toReplicas: 10, overtaken: false }
const down = { fromReplicas: 10, toReplicas: 6, overtaken: false }
const seen = (desiredReplicas: number, readyReplicas: number) => ({
  observed: { desiredReplicas, readyReplicas, awaits: null },
})

test('desired alone is not enough: replicas must be ready, and on the way down be gone', () => {
  expect(readinessOf({ ...up, ...seen(10, 6) })).toBe('waiting')
  expect(readinessOf({ ...up, ...seen(10, 10) })).toBe('ready')
  expect(readinessOf({ ...down, ...seen(6, 9) })).toBe('waiting')
  expect(readinessOf({ ...down, ...seen(6, 6) })).toBe('ready')
})

test('a count that its controller has not brought up to date is not believed, whatever it says', () => {
  const stale = (desiredReplicas: number, readyReplicas: number) => ({
    observed: { desiredReplicas, readyReplicas, awaits: 'its controller to see the change' },
  })
  expect(readinessOf({ ...up, ...stale(10, 10) })).toBe('waiting')
  expect(readinessOf({ ...down, ...stale(6, 6) })).toBe('waiting')
  expect(readinessOf({ ...up, overtaken: true, ...stale(14, 12) })).toBe('waiting')
})

test('another set-point is somebody else’s unless a later decision of ours wrote it', () => {
  expect(readinessOf({ ...up, ...seen(14, 12) })).toBe('moved')
  expect(readinessOf({ ...up, overtaken: true, ...seen(14, 12) })).toBe('ready')
  expect(readinessOf({ ...up, overtaken: true, ...seen(14, 9) })).toBe('waiting')
  expect(readinessOf({ ...down, overtaken: true, ...seen(4, 5) })).toBe('ready')
})

test('a later decision that went back hides what this one did', () => {
  expect(readinessOf({ ...up, overtaken: true, ...seen(6, 10) })).toBe('moved')
  expect(readinessOf({ ...down, overtaken: true, ...seen(8, 6) })).toBe('moved')
})

test('ready is never said of fewer replicas than a rise asked for, nor of more than a fall left', () => {
  const count = fc.integer({ min: 0, max: 30 })
  fc.assert(
    fc.property(
      count,
      count,
      count,
      count,
      fc.boolean(),
      (fromReplicas, toReplicas, desired, ready, overtaken) => {
        fc.pre(fromReplicas !== toReplicas)
        const readiness = readinessOf({ fromReplicas, toReplicas, overtaken, ...seen(desired, ready) })
        if (readiness !== 'ready') return
        if (toReplicas > fromReplicas) expect(ready).toBeGreaterThanOrEqual(toReplicas)
        else expect(ready).toBeLessThanOrEqual(toReplicas)
      },
    ),
  )
})
