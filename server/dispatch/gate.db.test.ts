import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { limitConnection, listConnections } from './index.ts'
import { type SandboxStandIn, startSandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene, type DispatchScene } from './testing/scene.ts'

let database: TestDatabase
let standIn: SandboxStandIn
let scene: DispatchScene
let connectionId: string

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.dispose())
beforeEach(async () => {
  standIn = await startSandboxStandIn()
  scene = await createDispatchScene(database.db, standIn)
  ;({ connectionId } = await database.db.target.findUniqueOrThrow({ where: { id: scene.targetId } }))
  return () => standIn.close()
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
