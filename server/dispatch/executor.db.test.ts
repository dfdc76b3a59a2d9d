import pg from 'pg'
import { describe, expect, test, vi } from 'vitest'
import { verifyLog } from '../audit/index.ts'
import { approve, getProposal, reject } from '../governance/index.ts'
import { seenOf } from '../governance/testing/scene.ts'
import { mostAtOnce } from '../runtime/testing/index.ts'
import { eachInStandIn } from './testing/each-in-stand-in.ts'
import type { SandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene, type DispatchScene } from './testing/scene.ts'

let standIn: SandboxStandIn
let scene: DispatchScene

eachInStandIn(createDispatchScene, (made) => {
  ;({ standIn, scene } = made)
})

/** Of one action from its first delivery until it is applied and given back, each round trip to Postgres counted; two of them make the gate of a new connection. */
const mostStatements = 22

const quotaMessage = { status: 422, body: { message: 'over the quota' } }
const busyMessage = { status: 429, body: { message: 'slow down' } }
const downMessage = { status: 503, body: { message: 'down' } }

describe('an approved decision', () => {
  test('is carried out: redeemed, rehearsed, written once, read back, verified when ready', async () => {
    const decisionId = await scene.approve(10)
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1, version: 8 })
    expect(scene.jobs.at(-1)).toMatchObject({ name: 'dispatch', data: { decisionId }, startAfterSeconds: 2 })
    expect(await scene.dispatch(decisionId)).toMatchObject({ note: expect.stringContaining('6 of 10') })

    scene.target.readyReplicas = 10
    scene.later(2)
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'verified' })
    const done = await scene.dispatch(decisionId)
    expect(done.note).toBeNull()
    expect(done.receipts.map(({ step, outcome }) => `${step}: ${outcome}`)).toEqual([
      'observe: seen',
      'dry-run: accepted',
      'apply: sent',
      'apply: applied',
      'read-back: 6 of 10 ready',
      'verify: 10 of 10 ready',
    ])
    expect(await scene.audited(decisionId)).toEqual([
      'dispatch.taken',
      'dispatch.started',
      'dispatch.sent',
      'dispatch.applied',
      'dispatch.verified',
    ])
    expect(standIn.arrived).toMatchObject({ 'dry-run': 1, write: 1 })
  })

  test('is left alone once it is settled, or while its next look is not due', async () => {
    const decisionId = await scene.approve(10)
    await scene.run(decisionId)
    expect(await scene.run(decisionId)).toEqual({ kind: 'waiting', state: 'applied' })
    scene.target.readyReplicas = 10
    scene.later()
    await scene.run(decisionId)
    expect(await scene.run(decisionId)).toEqual({ kind: 'settled', state: 'verified' })
    expect(scene.target.effects).toBe(1)
  })

  test('that is delivered ten times at once has one effect', async () => {
    const decisionId = await scene.approve(10)
    scene.target.readyReplicas = 10
    const results = await Promise.all(Array.from({ length: 10 }, () => scene.run(decisionId)))
    expect(results.filter(({ kind }) => kind === 'ran')).toHaveLength(1)
    expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1, version: 8 })
    expect((await scene.dispatch(decisionId)).state).toBe('verified')
    expect(standIn.arrived.write).toBe(1)
  })

  test('costs two transactions, and no more statements than it has to', async () => {
    const decisionId = await scene.approve(10)
    const query = vi.spyOn(pg.Client.prototype, 'query')
    await scene.run(decisionId)
    const sent = query.mock.calls.map(([asked]) => (typeof asked === 'string' ? asked : Object(asked).text))
    query.mockRestore()
    expect(sent.filter((text) => text === 'BEGIN')).toHaveLength(2)
    expect(sent.length).toBeLessThanOrEqual(mostStatements)
  })

  test('never has two statements under way on one connection, whatever is asked for at once', async () => {
    const warned = vi.fn()
    process.on('warning', warned)
    const include = { workload: true, offering: true, target: true }
    const most = await mostAtOnce(async () => {
      await scene.run(await scene.approve(10))
      await scene.system.db.$transaction((tx) => tx.pool.findMany({ include }))
    })
    process.off('warning', warned)
    expect([most, warned.mock.calls]).toEqual([1, []])
  })

  test('that rejects is not dispatched', async () => {
    const proposal = await scene.propose(10)
    await reject({ ctx: scene.operator, input: { ...seenOf(proposal), reason: 'not today' } })
    const [decision] = await scene.decisions(proposal.id)
    await expect(scene.run(decision?.id ?? '')).rejects.toThrow(/nothing to carry out/)
    expect(standIn.arrived.write).toBe(0)
  })
})

describe('what moved after the approval', () => {
  test('the target: void, untouched, and back in the inbox with the reason', async () => {
    const proposal = await scene.propose(10)
    const { id: decisionId } = await approve({ ctx: scene.operator, input: seenOf(proposal) })
    scene.afterHold()
    standIn.scaleByOther(scene.name, 8)
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'void' })
    expect(scene.target).toMatchObject({ desiredReplicas: 8, effects: 0 })
    expect((await scene.dispatch(decisionId)).note).toContain('changed by somebody else')
    const again = await getProposal({ ctx: scene.system, input: { id: proposal.id } })
    expect(again).toMatchObject({ state: 'waiting', voidReason: expect.stringContaining('7 → 8') })
  })

  test('the policy, while a worker was between redemption and write: nothing is sent', async () => {
    const decisionId = await scene.approve(10)
    standIn.faults.push({ on: 'dry-run', effect: false, answer: downMessage })
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'dispatching' })
    await scene.setPolicy({ maxReplicas: 8 })
    scene.later()
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'failed' })
    expect((await scene.dispatch(decisionId)).note).toMatch(
      /policy moved: version 1 → 2.*Nothing was changed/,
    )
    expect(standIn.arrived.write).toBe(0)
  })

  test('the target, between redemption and write: failed in words, and not written', async () => {
    const decisionId = await scene.approve(10)
    standIn.faults.push({ on: 'dry-run', effect: false, answer: downMessage })
    await scene.run(decisionId)
    standIn.scaleByOther(scene.name, 10)
    scene.later()
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'failed' })
    expect((await scene.dispatch(decisionId)).note).toContain('Nothing was sent')
    expect(standIn.arrived.write).toBe(0)
  })
})

describe('an answer that is not a yes', () => {
  test('a refusal fails it in the words of the target, at the rehearsal already', async () => {
    scene.target.quota = 9
    const decisionId = await scene.approve(10)
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'failed' })
    expect((await scene.dispatch(decisionId)).note).toContain('quota of 9 replicas')
    expect(standIn.arrived.write).toBe(0)
  })

  test('a refusal of the write itself fails it and says that nothing was changed', async () => {
    const decisionId = await scene.approve(10)
    standIn.faults.push({ on: 'write', effect: false, answer: quotaMessage })
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'failed' })
    expect((await scene.dispatch(decisionId)).note).toContain('over the quota. Nothing was changed')
  })

  test.each([
    ['a reset connection', 'reset'],
    ['a gateway time-out', { status: 504, body: { message: 'gateway time-out' } }],
  ] as const)('%s after success is unknown until the read-back finds it applied', async (_, answer) => {
    const decisionId = await scene.approve(10)
    standIn.faults.push({ on: 'write', effect: true, answer })
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    expect(await scene.audited(decisionId)).toEqual([
      'dispatch.taken',
      'dispatch.started',
      'dispatch.sent',
      'dispatch.unknown',
      'dispatch.applied',
    ])
    expect(standIn.arrived.write).toBe(1)
    expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1 })
  })

  test('an unclear answer without effect is written again, under the same precondition', async () => {
    const decisionId = await scene.approve(10)
    standIn.faults.push({ on: 'write', effect: false, answer: 'reset' })
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    expect(standIn.arrived.write).toBe(2)
    expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1, version: 8 })
  })

  test.each([
    ['had its effect', true],
    ['had none', false],
  ])('while it cannot be read back it stays unknown; the write %s', async (_, effect) => {
    const decisionId = await scene.approve(10)
    standIn.faults.push({ on: 'write', effect, answer: 'reset' })
    // The first reads belong to redemption and to the round of the write.
    standIn.delayMs = (step) => {
      if (step === 'write') standIn.faults.push({ on: 'read', effect: false, answer: downMessage })
      return 0
    }
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'unknown' })
    expect((await scene.dispatch(decisionId)).note).toContain('settled by reading it back')
    standIn.delayMs = () => 0
    standIn.faults.length = 0
    scene.later()
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1, version: 8 })
  })

  test('if somebody else wrote while it was unknown, it fails in words and is not sent again', async () => {
    const decisionId = await scene.approve(10)
    standIn.faults.push({ on: 'write', effect: false, answer: 'reset' })
    standIn.delayMs = (step) => {
      if (step === 'write') standIn.scaleByOther(scene.name, 4)
      return 0
    }
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'failed' })
    expect((await scene.dispatch(decisionId)).note).toMatch(
      /Somebody else changed .* 4 replicas, not to 10.*not sent again/,
    )
    expect(scene.target).toMatchObject({ desiredReplicas: 4, effects: 0 })
  })

  test('too many requests: nothing changed, it comes again, then it is applied', async () => {
    const decisionId = await scene.approve(10)
    standIn.faults.push({ on: 'write', effect: false, answer: busyMessage })
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'dispatching' })
    const again = scene.jobs.at(-1)
    expect(again).toMatchObject({ data: { decisionId } })
    // Twice the shortest pause, the later half of it spread.
    expect(again?.startAfterSeconds).toBeGreaterThanOrEqual(2)
    expect(again?.startAfterSeconds).toBeLessThan(4)
    scene.later()
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    expect(scene.target.effects).toBe(1)
  })

  test('a lock that moved while the version stood is no conflict', async () => {
    const decisionId = await scene.approve(10)
    standIn.faults.push({ on: 'write', effect: false, answer: { status: 412, body: { message: 'stale' } } })
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    expect(scene.target.effects).toBe(1)
  })

  test('a target that stays away is given up, saying that nothing was changed', async () => {
    const decisionId = await scene.approve(10)
    for (let i = 0; i < 2; i++) standIn.faults.push({ on: 'read', effect: false, answer: downMessage })
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'pending' })
    scene.later(601)
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'failed' })
    expect((await scene.dispatch(decisionId)).note).toMatch(/down.*Nothing was changed/)
  })
})

describe('verification', () => {
  test('ends in a clear state when the replicas do not become ready in time', async () => {
    const decisionId = await scene.approve(10)
    await scene.run(decisionId)
    scene.target.readyReplicas = 8
    // Three times the offering's p90 lead time is longer than ten minutes here: 720 s.
    scene.later(700)
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    scene.later(61)
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'failed' })
    expect((await scene.dispatch(decisionId)).note).toMatch(/not taken effect: 8 of 10 replicas.*roll back/)
  })

  test('says so when somebody else changed the target before it was ready', async () => {
    const decisionId = await scene.approve(10)
    await scene.run(decisionId)
    standIn.scaleByOther(scene.name, 7)
    scene.later()
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'failed' })
    expect((await scene.dispatch(decisionId)).note).toContain('changed to 7')
  })

  test('still sees its replicas come when a later decision went further', async () => {
    const first = await scene.approve(10)
    await scene.run(first)
    const second = await scene.approve(14)
    await scene.run(second)
    scene.target.readyReplicas = 12
    scene.later()
    expect(await scene.run(first)).toEqual({ kind: 'ran', state: 'verified' })
    expect(await scene.run(second)).toEqual({ kind: 'ran', state: 'applied' })
  })
})

test('a later decision that the target refused does not make somebody else’s change one of ours', async () => {
  const first = await scene.approve(10)
  await scene.run(first)
  const second = await scene.approve(14)
  standIn.faults.push({ on: 'write', effect: false, answer: quotaMessage })
  expect(await scene.run(second)).toEqual({ kind: 'ran', state: 'failed' })
  standIn.scaleByOther(scene.name, 12)
  scene.target.readyReplicas = 12
  scene.later()
  expect(await scene.run(first)).toEqual({ kind: 'ran', state: 'failed' })
  expect((await scene.dispatch(first)).note).toContain('changed to 12')
})

describe('a worker that was replaced', () => {
  test('cannot write to the target: its request comes late, and its lock is gone', async () => {
    const decisionId = await scene.approve(10)
    const held = standIn.holdNext('write')
    const zombie = scene.run(decisionId)
    await held.arrived
    scene.later(31)
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    held.letGo()
    expect(await zombie).toMatchObject({ kind: 'taken-over' })
    expect(standIn.arrived.write).toBe(2)
    expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1, version: 8 })
    expect(await scene.audited(decisionId)).toContain('dispatch.taken-over')
    expect((await scene.dispatch(decisionId)).state).toBe('applied')
  })

  test.each([
    ['redeem the approval', 'pending'],
    ['go on to the write, though the state is still the one it knew', 'dispatching'],
  ] as const)('cannot %s', async (_, state) => {
    const decisionId = await scene.approve(10)
    const busy = { on: 'dry-run', effect: false, answer: busyMessage } as const
    if (state === 'dispatching') {
      standIn.faults.push(busy)
      await scene.run(decisionId)
      scene.later()
    }
    const held = standIn.holdNext('dry-run')
    const zombie = scene.run(decisionId)
    await held.arrived
    scene.later(31)
    standIn.faults.push(busy)
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'dispatching' })
    const before = await scene.dispatch(decisionId)
    held.letGo()
    expect(await zombie).toEqual({ kind: 'taken-over', state })
    expect(await scene.dispatch(decisionId)).toEqual(before)
    expect(standIn.arrived.write).toBe(0)
  })
})

test('the log of all this holds', async () => {
  const report = await verifyLog({ ctx: scene.system, input: { publicKeys: [], checkpointFile: null } })
  expect(report).toMatchObject({ ok: true })
})
