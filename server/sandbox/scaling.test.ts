import { describe, expect, test } from 'vitest'
import { steadyCapacity } from './model/capacity.ts'
import { type ScaleCommand, scaleTarget } from './scaling.ts'
import type { TargetState } from './world-state.ts'

const rules = {
  id: 'chat',
  control: 'replicas' as const,
  quota: 10,
  lead: { p50Seconds: 60, p90Seconds: 90 },
  seed: 1,
}
const service = { capacity: steadyCapacity(4), backlog: 0 }
const target: TargetState = {
  actual: service,
  undisturbed: service,
  undisturbedSince: 0,
  version: 3,
  effects: 2,
  dispatches: [],
}
const command: ScaleCommand = {
  ifVersion: '3',
  replicas: 6,
  dispatchId: 'd1',
  fencingToken: 1,
  dryRun: false,
  final: false,
}

describe('a set-point', () => {
  test('raises version and effects by one and leaves the undisturbed run alone', () => {
    const { target: scaled, outcome } = scaleTarget(target, rules, command, 1_000)
    expect(outcome).toEqual({
      kind: 'accepted',
      answer: {
        id: 'chat',
        desiredReplicas: 6,
        readyReplicas: 4,
        inFlightReplicas: 2,
        version: '4',
        effects: 3,
        control: 'replicas',
      },
    })
    expect(scaled.undisturbed).toEqual(target.undisturbed)
  })

  test('sent twice has one effect and the first answer, whatever version it names', () => {
    const first = scaleTarget(target, rules, command, 1_000)
    const other = scaleTarget(
      first.target,
      rules,
      { ...command, dispatchId: 'd2', ifVersion: '4', replicas: 8 },
      2_000,
    )
    const again = scaleTarget(other.target, rules, { ...command, fencingToken: 2 }, 3_000)
    expect(again.outcome).toEqual(first.outcome)
    expect(again.target.actual).toEqual(other.target.actual)
    expect(again.target.effects).toBe(4)
  })

  test('of the same dispatch with another number is refused', () => {
    const first = scaleTarget(target, rules, command, 1_000)
    const { outcome } = scaleTarget(first.target, rules, { ...command, replicas: 7 }, 2_000)
    expect(outcome.kind).toBe('other_content')
  })

  test('to what is desired already is accepted and changes no version', () => {
    const { target: same, outcome } = scaleTarget(target, rules, { ...command, replicas: 4 }, 1_000)
    expect(outcome.kind).toBe('accepted')
    expect(same).toMatchObject({ version: 3, effects: 3 })
  })

  test('on a version that moved or over the quota changes nothing', () => {
    const moved = scaleTarget(target, rules, { ...command, ifVersion: '2' }, 1_000)
    const greedy = scaleTarget(target, rules, { ...command, replicas: 11 }, 1_000)
    expect([moved.outcome.kind, greedy.outcome.kind]).toEqual(['version_moved', 'over_quota'])
    for (const { target: after } of [moved, greedy]) {
      expect(after.actual).toEqual(target.actual)
      expect(after).toMatchObject({ version: 3, effects: 2 })
    }
  })
})

describe('a dry run', () => {
  test('says what would be refused and has no effect', () => {
    const dry = scaleTarget(target, rules, { ...command, dryRun: true }, 1_000)
    expect(dry.outcome).toMatchObject({ kind: 'accepted', answer: { desiredReplicas: 4, version: '3' } })
    expect(dry.target).toMatchObject({ version: 3, effects: 2 })
    const real = scaleTarget(dry.target, rules, command, 2_000)
    expect(real.target.effects).toBe(3)
    const greedy = scaleTarget(target, rules, { ...command, dryRun: true, replicas: 11 }, 1_000)
    expect(greedy.outcome.kind).toBe('over_quota')
  })

  test('by a new holder shuts an older one out', () => {
    const taken = scaleTarget(target, rules, { ...command, dryRun: true, fencingToken: 5 }, 1_000)
    const { outcome, target: after } = scaleTarget(
      taken.target,
      rules,
      { ...command, fencingToken: 4 },
      2_000,
    )
    expect(outcome.kind).toBe('fenced')
    expect(after.effects).toBe(2)
  })
})

test('a dispatch of another target or id is not confused with it', () => {
  const first = scaleTarget(target, rules, command, 1_000)
  const next = { ...command, dispatchId: 'd2', ifVersion: '4', replicas: 3 }
  expect(scaleTarget(first.target, rules, next, 2_000).target).toMatchObject({ version: 5, effects: 4 })
})

describe('a job that runs or does not', () => {
  const job = { ...rules, control: 'run' as const, quota: 1 }
  const state = { capacity: steadyCapacity(1), backlog: 0 }
  const running: TargetState = { ...target, actual: state, undisturbed: state }
  const order = (replicas: number, final: boolean, id = 'd1', ifVersion = '3'): ScaleCommand => {
    return { ...command, replicas, final, dispatchId: id, ifVersion }
  }

  test('is suspended and runs again', () => {
    const { target: held } = scaleTarget(running, job, order(0, false), 1_000)
    expect(held.actual.capacity.ready).toBe(0)
    expect(scaleTarget(held, job, order(1, false, 'd2', '4'), 2_000).outcome.kind).toBe('accepted')
  })

  test('that was cancelled does not run again, not even in a rehearsal', () => {
    const { target: gone } = scaleTarget(running, job, order(0, true), 1_000)
    for (const dryRun of [true, false]) {
      const again = { ...order(1, false, 'd2', '4'), dryRun }
      expect(scaleTarget(gone, job, again, 2_000).outcome).toEqual({
        kind: 'senseless',
        message: 'chat was cancelled; it does not run again.',
      })
    }
  })

  test('runs once, and nothing but a job ends for good', () => {
    expect(scaleTarget(running, job, order(2, false), 1_000).outcome.kind).toBe('senseless')
    expect(scaleTarget(target, rules, order(0, true), 1_000).outcome.kind).toBe('senseless')
  })
})
