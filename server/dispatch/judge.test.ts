import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judge } from './judge.ts'

const situation = { boundVersion: '7', toReplicas: 10, maySent: true }

test('the approved version proves that nothing was taken, whatever was sent', () => {
  const observed = { version: '7', desiredReplicas: 6 }
  expect(judge({ ...situation, observed })).toBe('write')
  expect(judge({ ...situation, observed, maySent: false })).toBe('write')
})

test('a target that is at the set-point already needs no write', () => {
  expect(judge({ ...situation, observed: { version: '7', desiredReplicas: 10 } })).toBe('done')
})

test('the set-point at another version is ours only if we sent', () => {
  const observed = { version: '8', desiredReplicas: 10 }
  expect(judge({ ...situation, observed })).toBe('done')
  expect(judge({ ...situation, observed, maySent: false })).toBe('moved')
})

test('the set-point of an object that was made anew under the same name is not ours', () => {
  const approved = { ...situation, boundVersion: 'first-uid:7' }
  expect(judge({ ...approved, observed: { version: 'second-uid:1', desiredReplicas: 10 } })).toBe('moved')
  expect(judge({ ...approved, observed: { version: 'first-uid:8', desiredReplicas: 10 } })).toBe('done')
})

test('anything else at another version is somebody else’s', () => {
  expect(judge({ ...situation, observed: { version: '8', desiredReplicas: 9 } })).toBe('moved')
})

/**
 * A world of one target and workers that may stop, stall and deliver late at every point: what they do between reading
 * and writing is interleaved freely. Leases and fencing are left out on purpose: one effect must not need them.
 */
test('however reads, writes, losses and delays interleave, at most one write has an effect', () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('read' as const), worker: fc.nat(3) }),
    fc.record({ kind: fc.constant('send' as const), worker: fc.nat(3) }),
    fc.record({ kind: fc.constant('arrive' as const), index: fc.nat(10) }),
    fc.record({ kind: fc.constant('status' as const) }),
    fc.record({ kind: fc.constant('other' as const), replicas: fc.nat(20) }),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const target = { replicas: 6, version: 7, lock: 100, effects: 0 }
      const workers = new Map<number, { lock: number; verdict: string }>()
      const onTheWay: { lock: number }[] = []
      let sent = false
      const write = (replicas: number) => {
        target.lock++
        if (replicas !== target.replicas) target.version++
        target.replicas = replicas
      }
      for (const one of events) {
        if (one.kind === 'read') {
          const observed = { version: String(target.version), desiredReplicas: target.replicas }
          const verdict = judge({ ...situation, observed, maySent: sent })
          workers.set(one.worker, { lock: target.lock, verdict })
        } else if (one.kind === 'send') {
          const seen = workers.get(one.worker)
          if (seen?.verdict !== 'write') continue
          sent = true
          onTheWay.push({ lock: seen.lock })
        } else if (one.kind === 'arrive') {
          // A copy stays on the way: a network may deliver it again.
          const request = onTheWay[one.index % Math.max(1, onTheWay.length)]
          if (request?.lock !== target.lock) continue
          write(situation.toReplicas)
          target.effects++
        } else if (one.kind === 'status') target.lock++
        else write(one.replicas)
      }
      expect(target.effects).toBeLessThanOrEqual(1)
    }),
    { numRuns: 2_000 },
  )
})
