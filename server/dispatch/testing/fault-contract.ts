import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { TargetAdapter } from '../contract.ts'
import type { StandIn, StandInAnswer } from './stand-in.ts'

export type FaultyWorld = {
  adapter: TargetAdapter
  standIn: StandIn
  /** A refusal in the target's own words. */
  refusal(status: number, message: string): StandInAnswer
}

const setPoint = { replicas: 7, control: 'replicas' as const, final: false, dispatchId: 'd', fencingToken: 1 }

/** Long enough for a busy machine, for the one test that must wait it out. */
const hangTimeoutMs = 2_000

/**
 * How an adapter must read every answer that is not a plain yes; for a stand-in that can give them all.
 * `openWorld` makes an adapter with the time-out it is given, or its own.
 */
export function faultContract(
  name: string,
  openWorld: (requestTimeoutMs?: number) => Promise<FaultyWorld>,
): void {
  const statuses = [
    [400, 'refused'],
    [401, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [408, 'unknown'],
    [409, 'conflict'],
    [422, 'refused'],
    [429, 'retryable'],
    [500, 'unknown'],
    [502, 'unknown'],
    [503, 'unknown'],
    [504, 'unknown'],
  ] as const

  describe(`${name} reads every kind of answer rightly`, () => {
    test.each(statuses)(
      'a write answered with %i is %s, in the words of the target',
      async (status, kind) => {
        const { adapter, standIn, refusal } = await openWorld()
        const { lock } = await adapter.observe()
        standIn.faults.push({ on: 'write', effect: false, answer: refusal(status, 'because of the moon') })
        const outcome = await adapter.apply(lock, setPoint)
        expect(outcome).toMatchObject({ kind })
        if (status !== 401) expect(outcome).toMatchObject({ message: 'because of the moon' })
        expect(await adapter.observe()).toMatchObject({ desiredReplicas: 3 })
      },
    )

    test('how long it asks to be left alone is heard, of writes and of reads', async () => {
      const { adapter, standIn, refusal } = await openWorld()
      const { lock } = await adapter.observe()
      const answer = { ...refusal(429, 'slow down'), headers: { 'retry-after': '7' } }
      standIn.faults.push({ on: 'write', effect: false, answer }, { on: 'read', effect: false, answer })
      expect(await adapter.apply(lock, setPoint)).toMatchObject({ status: 429, retryAfterSeconds: 7 })
      await expect(adapter.observe()).rejects.toMatchObject({ retryAfterSeconds: 7 })
    })

    test.each(['reset', 'hang'] as const)(
      'a %s after the write took effect is unknown, and reads back',
      async (answer) => {
        const { adapter, standIn } = await openWorld(hangTimeoutMs)
        const { lock } = await adapter.observe()
        standIn.faults.push({ on: 'write', effect: true, answer })
        expect(await adapter.apply(lock, setPoint)).toMatchObject({ kind: 'unknown' })
        expect(await adapter.observe()).toMatchObject({ desiredReplicas: 7 })
        expect(standIn.arrived.write).toBe(1)
      },
    )

    test('a reset before the write took effect is unknown, too: nobody can tell', async () => {
      const { adapter, standIn } = await openWorld()
      const { lock, version } = await adapter.observe()
      standIn.faults.push({ on: 'write', effect: false, answer: 'reset' })
      expect(await adapter.apply(lock, setPoint)).toMatchObject({ kind: 'unknown' })
      expect(await adapter.observe()).toMatchObject({ desiredReplicas: 3, version })
    })

    test('an answer that makes no sense is unknown, and unavailable when reading', async () => {
      const { adapter, standIn } = await openWorld()
      const { lock } = await adapter.observe()
      standIn.faults.push({ on: 'write', effect: true, answer: { status: 200, body: { hello: 'world' } } })
      expect(await adapter.apply(lock, setPoint)).toMatchObject({ kind: 'unknown' })
      standIn.faults.push({ on: 'read', effect: false, answer: { status: 200, body: { hello: 'world' } } })
      await expect(adapter.observe()).rejects.toMatchObject({ code: 'unavailable' })
    })

    test.each([302, 307, 308])(
      'a redirect (%i) leads nowhere: another host gets nothing of ours',
      async (status) => {
        const { adapter, standIn } = await openWorld()
        const { lock } = await adapter.observe()
        const heard: string[] = []
        const elsewhere = createServer(({ method, url }, response) => {
          heard.push(`${method} ${url}`)
          response.end('{}')
        }).listen(0, '127.0.0.1')
        await once(elsewhere, 'listening')
        const { port } = elsewhere.address() as AddressInfo
        const answer = { status, body: {}, headers: { location: `http://127.0.0.1:${port}/elsewhere` } }
        standIn.faults.push({ on: 'write', effect: false, answer }, { on: 'read', effect: false, answer })
        expect(await adapter.apply(lock, setPoint)).toMatchObject({ kind: 'unknown' })
        await expect(adapter.observe()).rejects.toMatchObject({ code: 'unavailable' })
        expect(heard).toEqual([])
        elsewhere.closeAllConnections()
        elsewhere.close()
      },
    )

    test.each([500, 503, 429])('a read answered with %i is unavailable', async (status) => {
      const { adapter, standIn, refusal } = await openWorld()
      standIn.faults.push({ on: 'read', effect: false, answer: refusal(status, 'later') })
      await expect(adapter.observe()).rejects.toMatchObject({ code: 'unavailable' })
    })
  })
}
