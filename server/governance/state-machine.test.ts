import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type By,
  type EventName,
  events,
  isFinal,
  type ProposalEvent,
  type Stage,
  stages,
  transition,
} from './state-machine.ts'

const event = fc.record<ProposalEvent>({
  name: fc.constantFrom(...events),
  by: fc.constantFrom<By>('person', 'rule', 'system'),
})
const sequences = fc.array(event, { maxLength: 40 })

/** Every step of a sequence that was accepted. */
function run(sequence: ProposalEvent[]): { from: Stage; event: ProposalEvent; to: Stage }[] {
  const steps: { from: Stage; event: ProposalEvent; to: Stage }[] = []
  let at: Stage = 'waiting'
  for (const each of sequence) {
    const next = transition(at, each)
    if (next.kind === 'refused') continue
    steps.push({ from: at, event: each, to: next.to })
    at = next.to
  }
  return steps
}

describe('no sequence of events', () => {
  test('makes an approval redeemable unless a person approved or overrode, or a rule approved', () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        for (const { event, to } of run(sequence)) {
          if (to !== 'approved') continue
          expect(['person approve', 'person override', 'rule approve']).toContain(`${event.by} ${event.name}`)
        }
      }),
    )
  })

  test('redeems anything but an approval that is in force at that moment, or redeems it twice', () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        const steps = run(sequence)
        const redeemed = steps.filter(({ event }) => event.name === 'redeem')
        expect(redeemed.length).toBeLessThanOrEqual(1)
        for (const step of redeemed) {
          const before = steps[steps.indexOf(step) - 1]
          expect(before?.event.by).not.toBe('system')
          expect(before?.to).toBe('approved')
        }
      }),
    )
  })

  test('leaves a final state', () => {
    fc.assert(
      fc.property(sequences, (sequence) => {
        for (const { from } of run(sequence)) expect(isFinal(from)).toBe(false)
      }),
    )
  })
})

test('the final states are the ones that say so', () => {
  expect(stages.filter(isFinal)).toEqual(['redeemed', 'rejected', 'expired', 'superseded'])
})

test('every stage can be reached, and every event can happen', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(sequences, (sequence) => {
      for (const { event, to } of run(sequence)) seen.add(event.name).add(to)
    }),
    { numRuns: 2_000, seed: 1 },
  )
  expect([...seen].sort()).toEqual([...new Set([...events, ...stages])].sort())
})

test.each<[EventName, By]>([
  ['approve', 'system'],
  ['override', 'system'],
  ['reject', 'system'],
  ['expire', 'person'],
  ['redeem', 'person'],
  ['override', 'rule'],
  ['reject', 'rule'],
  ['undo', 'system'],
  ['endorse', 'rule'],
  ['hold', 'person'],
])('%s is not for a %s', (name, by) => {
  for (const stage of stages) expect(transition(stage, { name, by }).kind).toBe('refused')
})
