import { beforeEach, describe, expect, test } from 'vitest'
import type { TestDatabase } from '../runtime/testing/index.ts'
import { type Gates, passGate, settleGates } from './gate.ts'
import { checkConnection, limitConnection, listConnections, observeTargets } from './index.ts'
import { eachInStandIn } from './testing/each-in-stand-in.ts'
import type { SandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene, type DispatchScene } from './testing/scene.ts'

let database: TestDatabase
let standIn: SandboxStandIn
let scene: DispatchScene
let connectionId: string

eachInStandIn(createDispatchScene, (made) => {
  ;({ database, standIn, scene } = made)
})
beforeEach(async () => {
  ;({ connectionId } = await database.db.target.findUniqueOrThrow({ where: { id: scene.targetId } }))
})

const gate = () => database.db.connectionGate.findUniqueOrThrow({ where: { connectionId } })
const shown = async () => {
  const all = await listConnections({ ctx: scene.system })
  return all.find(({ id }) => id === connectionId)?.gate
}
const logged = async () => {
  const entries = await database.db.auditEntry.findMany({
    where: { subject: `connection/${connectionId}` },
    orderBy: { seq: 'asc' },
  })
  return entries.map(({ action }) => action)
}
const busy = { status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '90' } }

describe('the rate of a connection', () => {
  test('is shared by all workers: what is too much comes later, untouched', async () => {
    const admin = await scene.person('admin')
    await limitConnection({ ctx: admin, input: { connectionId, requestsPerSecond: 0.1, burst: 10 } })
    const decisionId = await scene.approve(10)
    await database.db.connectionGate.update({
      where: { connectionId },
      data: { tokens: 0, refilledAt: scene.clock.now() },
    })
    const arrived = standIn.arrived.read
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'pending' })
    expect(standIn.arrived.read).toBe(arrived)
    expect((await scene.dispatch(decisionId)).note).toMatch(/asked at most 0.1 times a second.*tried again/)
    expect(scene.jobs.at(-1)?.startAfterSeconds).toBeGreaterThanOrEqual(10)
    scene.later(11)
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    // What it really took, more than there was, is paid for by those who come after.
    expect((await gate()).tokens).toBeLessThan(0)
    expect(await logged()).toContain('connection.limited')
  })

  test('is left to dispatches first: a reading takes no more than half of the burst, and comes back', async () => {
    await database.db.connectionGate.upsert({
      where: { connectionId },
      create: { connectionId, tokens: 4, burst: 10, requestsPerSecond: 0.1, refilledAt: scene.clock.now() },
      update: { tokens: 4, burst: 10, requestsPerSecond: 0.1, refilledAt: scene.clock.now() },
    })
    const connection = await database.db.connection.findUniqueOrThrow({ where: { id: connectionId } })
    expect(await passGate(scene.system, new Map(), connection, 0.5)).toMatchObject({ circuit: false })
    expect(await passGate(scene.system, new Map(), connection)).toMatchObject({ probe: false })
  })

  test('stands still for as long as the other side asks, for everybody', async () => {
    const decisionId = await scene.approve(10)
    standIn.faults.push({ on: 'write', effect: false, answer: busy })
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'dispatching' })
    expect(scene.jobs.at(-1)?.startAfterSeconds).toBe(90)
    const { pausedUntil } = await gate()
    expect(pausedUntil?.getTime()).toBe(scene.clock.now().getTime() + 90_000)
    scene.later(91)
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    expect(scene.target.effects).toBe(1)
  })
})

describe('the circuit of a connection', () => {
  const fail = async (decisionId: string) => {
    standIn.faults.push({ on: 'read', effect: false, answer: 'reset' })
    const result = await scene.run(decisionId)
    standIn.faults.length = 0
    return result
  }
  const opened = async () => {
    const decisionId = await scene.approve(10)
    for (let i = 0; i < 5; i++) {
      await fail(decisionId)
      scene.later()
    }
    return decisionId
  }

  test('opens with the fifth request in a row without an answer; one worker tries it, and closes it', async () => {
    const decisionId = await scene.approve(10)
    for (let i = 0; i < 4; i++) {
      await fail(decisionId)
      scene.later()
    }
    expect(await shown()).toMatchObject({ circuit: 'closed', failures: 4 })
    await fail(decisionId)
    expect(await shown()).toMatchObject({ circuit: 'open', failures: 5 })
    const arrived = standIn.arrived.read
    await database.db.dispatch.update({ where: { decisionId }, data: { leaseUntil: null } })
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'pending' })
    expect(standIn.arrived.read).toBe(arrived)
    expect((await scene.dispatch(decisionId)).note).toMatch(/has not answered 5 times in a row/)
    scene.later()
    expect(await shown()).toMatchObject({ circuit: 'trying' })
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    expect(await shown()).toMatchObject({ circuit: 'closed', failures: 0, lastFailure: null })
    expect(await logged()).toEqual(['connection.circuit-opened', 'connection.circuit-closed'])
  })

  test('stays open for longer when the one that tries is not answered either', async () => {
    const decisionId = await opened()
    const before = await gate()
    await fail(decisionId)
    const after = await gate()
    const seconds = ((after.openUntil?.getTime() ?? 0) - scene.clock.now().getTime()) / 1_000
    expect(before.opens).toBe(1)
    expect(after.opens).toBe(2)
    expect(seconds).toBeGreaterThanOrEqual(30)
    expect(seconds).toBeLessThan(60)
  })

  test('who was to try it and never asked gives it back at once; who died, when its lease would end', async () => {
    await opened()
    const connection = await database.db.connection.findUniqueOrThrow({ where: { id: connectionId } })
    const pass = () => passGate(scene.system, new Map(), connection)
    const gates: Gates = new Map()
    expect(await passGate(scene.system, gates, connection)).toMatchObject({ probe: true })
    expect(await pass()).toMatchObject({ circuit: true })
    await settleGates(scene.system, gates)
    expect(await logged()).toEqual(['connection.circuit-opened'])
    expect(await pass()).toMatchObject({ probe: true })
    scene.later(29)
    expect(await pass()).toMatchObject({ circuit: true })
    scene.later(2)
    expect(await pass()).toMatchObject({ probe: true })
  })

  test('holds for the periodic reading too, which may be the one that tries it', async () => {
    await opened()
    await database.db.connectionGate.update({
      where: { connectionId },
      data: { openUntil: scene.clock.now() },
    })
    const { arrived } = standIn
    const before = arrived.read
    await observeTargets({ ctx: scene.system })
    expect(arrived.read).toBe(before + 1)
    expect(await shown()).toMatchObject({ circuit: 'closed' })
    const openUntil = new Date(scene.clock.now().getTime() + 60_000)
    await database.db.connectionGate.update({ where: { connectionId }, data: { openUntil, failures: 5 } })
    await observeTargets({ ctx: scene.system })
    expect(arrived.read).toBe(before + 1)
    const { lastError } = await database.db.connection.findUniqueOrThrow({ where: { id: connectionId } })
    expect(lastError).toMatch(/has not answered 5 times in a row/)
  })

  test('a try by hand that is answered closes it, and what waited goes on at once', async () => {
    const decisionId = await opened()
    await fail(decisionId)
    const admin = await scene.person('admin')
    const check = () => checkConnection({ ctx: admin, input: { connectionId } })
    standIn.faults.push({ on: 'read', effect: false, answer: 'reset' })
    expect(await check()).toMatchObject({ ok: false })
    expect(await shown()).toMatchObject({ circuit: 'open' })
    standIn.faults.length = 0
    const jobs = scene.jobs.length
    expect(await check()).toMatchObject({ ok: true })
    expect(await shown()).toMatchObject({ circuit: 'closed', failures: 0 })
    expect(scene.jobs).toHaveLength(jobs + 1)
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
  })

  test('a refusal is an answer: it opens nothing', async () => {
    const decisionId = await scene.approve(10)
    for (let i = 0; i < 6; i++) {
      standIn.faults.push({ on: 'dry-run', effect: false, answer: { ...busy, headers: {} } })
      await scene.run(decisionId)
      scene.later()
    }
    expect(await shown()).toMatchObject({ circuit: 'closed', failures: 0 })
  })
})
