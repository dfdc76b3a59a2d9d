import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Control } from '../../plan/contract.ts'
import type { SetPoint, TargetAdapter } from '../contract.ts'

/**
 * The levels that a target of some kind can be at. `from`: where a fresh one is; `to`: what it is set to; `other` and
 * `further`: what somebody else sets it to; `least`: as low as it goes; `partly`: less ready than asked for, null where it
 * is always as ready as asked for.
 */
export type Levels = {
  control: Control
  from: number
  to: number
  other: number
  further: number
  least: number
  partly: number | null
}

const plain: Levels = { control: 'replicas', from: 3, to: 7, other: 5, further: 4, least: 0, partly: 1 }

/** One fresh target at its first level, all ready, and what a test needs around it. */
export type AdapterWorld = {
  adapter: TargetAdapter
  /** A change that does not come through the adapter. */
  scaleByOther(replicas: number): Promise<void>
  /** Makes that many replicas ready, as the target's own controller would. */
  markReady(replicas: number): Promise<void>
  /** How often what the target is asked for was changed since the world was made. */
  changes(): Promise<number>
  /** The same adapter at something that does not exist, with credentials that are not accepted, and at a closed port. */
  missing: TargetAdapter
  unauthorised: TargetAdapter
  unreachable: TargetAdapter
}

/** What every target adapter must do. Run it from a test file of your own: `adapterContract('name', openWorld)`. */
export function adapterContract(
  name: string,
  openWorld: () => Promise<AdapterWorld>,
  { control, from, to: next, other, further, least, partly }: Levels = plain,
): void {
  const to = (replicas: number): SetPoint => ({
    replicas,
    control,
    final: false,
    dispatchId: randomUUID(),
    fencingToken: 1,
  })

  describe(`${name} keeps the contract of target adapters`, () => {
    test('observe reads what the target is asked for and what is ready', async () => {
      const { adapter, markReady } = await openWorld()
      expect(await adapter.observe()).toMatchObject({ desiredReplicas: from, readyReplicas: from })
      expect(adapter.controls).toContain(control)
      if (partly === null) return
      await markReady(partly)
      expect(await adapter.observe()).toMatchObject({ desiredReplicas: from, readyReplicas: partly })
    })

    test('a dry run is accepted and changes nothing', async () => {
      const { adapter, changes } = await openWorld()
      const before = await adapter.observe()
      expect(await adapter.dryRun(before.lock, to(next))).toMatchObject({ kind: 'accepted' })
      const after = await adapter.observe()
      expect(after).toMatchObject({ desiredReplicas: from, version: before.version })
      expect(await changes()).toBe(0)
    })

    test('apply changes the target once, moves its version and says what stands', async () => {
      const { adapter, changes } = await openWorld()
      const before = await adapter.observe()
      const outcome = await adapter.apply(before.lock, to(next))
      expect(outcome).toMatchObject({ kind: 'applied', observation: { desiredReplicas: next } })
      const after = await adapter.observe()
      expect(after.desiredReplicas).toBe(next)
      expect(after.version).not.toBe(before.version)
      expect(await changes()).toBe(1)
    })

    test('the least is a set-point like any other', async () => {
      const { adapter } = await openWorld()
      await adapter.apply((await adapter.observe()).lock, to(least))
      expect(await adapter.observe()).toMatchObject({ desiredReplicas: least })
    })

    test('a lock that somebody else moved stops both the dry run and the write', async () => {
      const { adapter, scaleByOther } = await openWorld()
      const before = await adapter.observe()
      await scaleByOther(other)
      expect(await adapter.dryRun(before.lock, to(next))).toMatchObject({ kind: 'conflict' })
      expect(await adapter.apply(before.lock, to(next))).toMatchObject({ kind: 'conflict' })
      expect(await adapter.observe()).toMatchObject({ desiredReplicas: other })
    })

    test('the version stays while replicas become ready, and never comes back once it moved', async () => {
      const { adapter, markReady, scaleByOther } = await openWorld()
      const { version } = await adapter.observe()
      await markReady(partly ?? from)
      expect((await adapter.observe()).version).toBe(version)
      await scaleByOther(other)
      await scaleByOther(from)
      const after = await adapter.observe()
      expect(after.desiredReplicas).toBe(from)
      expect(after.version).not.toBe(version)
    })

    test('of ten writes under one lock, one has an effect', async () => {
      const { adapter, changes } = await openWorld()
      const { lock } = await adapter.observe()
      const setPoint = to(next)
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => adapter.apply(lock, setPoint)))
      const kinds = new Set(outcomes.map(({ kind }) => kind))
      expect(kinds).toContain('applied')
      expect([...kinds].filter((kind) => kind !== 'applied' && kind !== 'conflict')).toEqual([])
      expect(await changes()).toBe(1)
    })

    test('a late copy of a write that was taken has no effect, even after others went on', async () => {
      const { adapter, changes, scaleByOther } = await openWorld()
      const { lock } = await adapter.observe()
      const setPoint = to(next)
      await adapter.apply(lock, setPoint)
      await scaleByOther(further)
      await adapter.apply(lock, setPoint)
      expect(await adapter.observe()).toMatchObject({ desiredReplicas: further })
      expect(await changes()).toBe(2)
    })

    test('a target that is not there is named, and refuses', async () => {
      const { missing } = await openWorld()
      await expect(missing.observe()).rejects.toMatchObject({ code: 'not_found' })
      expect(await missing.apply('1', to(next))).toMatchObject({ kind: 'refused' })
    })

    test('credentials that are not accepted are told apart from a target that is away', async () => {
      const { unauthorised, adapter } = await openWorld()
      await expect(unauthorised.observe()).rejects.toMatchObject({ code: 'forbidden' })
      const { lock } = await adapter.observe()
      expect(await unauthorised.dryRun(lock, to(next))).toMatchObject({ kind: 'refused' })
      expect(await unauthorised.apply(lock, to(next))).toMatchObject({ kind: 'refused' })
    })

    test('where nobody listens surely nothing changes, and trying again may help', async () => {
      const { unreachable } = await openWorld()
      await expect(unreachable.observe()).rejects.toMatchObject({ code: 'unavailable' })
      expect(await unreachable.dryRun('1', to(next))).toMatchObject({ kind: 'retryable' })
      expect(await unreachable.apply('1', to(next))).toMatchObject({ kind: 'retryable' })
    })
  })
}
