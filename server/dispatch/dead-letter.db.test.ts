import { describe, expect, test } from 'vitest'
import { getProposal } from '../governance/index.ts'
import type { TestDatabase } from '../runtime/testing/index.ts'
import { closeDispatch, listDeadLetters, redriveDispatch, sweepDispatches } from './index.ts'
import { eachInStandIn } from './testing/each-in-stand-in.ts'
import type { SandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene, type DispatchScene } from './testing/scene.ts'

let database: TestDatabase
let standIn: SandboxStandIn
let scene: DispatchScene

eachInStandIn(createDispatchScene, (made) => {
  ;({ database, standIn, scene } = made)
})

const down = { status: 503, body: { message: 'down' } }
const away = (reads: number) => {
  for (let i = 0; i < reads; i++) standIn.faults.push({ on: 'read', effect: false, answer: down })
}
const letters = async () =>
  (await listDeadLetters({ ctx: scene.system })).filter(({ workload }) => workload.id === scene.workloadId)
const ask = (decisionId: string, reason = 'the cluster is back') => ({
  ctx: scene.operator,
  input: { decisionId, reason },
})

/** A write went, whether it was taken or not, and for longer than anybody waits nothing could be read back. */
async function unclear(effect: boolean): Promise<string> {
  const decisionId = await scene.approve(10)
  standIn.faults.push({ on: 'write', effect, answer: 'reset' })
  standIn.delayMs = (step) => {
    if (step === 'write') away(1)
    return 0
  }
  expect(await scene.run(decisionId)).toMatchObject({ state: 'unknown' })
  standIn.delayMs = () => 0
  away(1)
  scene.later(1_900)
  expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'unknown' })
  standIn.faults.length = 0
  return decisionId
}

describe('what stays unknown for too long', () => {
  test.each([
    ['was taken', true, 0, 'applied', 1],
    ['was not taken, and goes again', false, 0, 'applied', 2],
    ['was not taken, and is too late by now', false, 86_400, 'failed', 1],
  ] as const)('waits for a person; the write %s', async (_, effect, after, settledAs, writes) => {
    const decisionId = await unclear(effect)
    expect(await letters()).toMatchObject([{ decisionId, state: 'unknown', goodUntil: null }])
    expect((await scene.dispatch(decisionId)).note).toMatch(
      /nobody could read back .* tried again or give it up/,
    )
    scene.later(600 + after)
    await sweepDispatches({ ctx: scene.system })
    expect(await scene.run(decisionId)).toEqual({ kind: 'settled', state: 'unknown' })
    await redriveDispatch(ask(decisionId))
    expect(await letters()).toEqual([])
    const { state } = await scene.run(decisionId)
    expect(state).toBe(settledAs)
    expect(scene.target).toMatchObject({ effects: settledAs === 'applied' ? 1 : 0 })
    expect(standIn.arrived.write).toBe(writes)
    expect(await scene.audited(decisionId)).toEqual(
      expect.arrayContaining(['dispatch.dead-letter', 'dispatch.redriven']),
    )
  })

  test('is given up by a person, with the reason; then it is over', async () => {
    const decisionId = await unclear(false)
    await closeDispatch(ask(decisionId, 'looked at it by hand'))
    const closed = await scene.dispatch(decisionId)
    expect(closed).toMatchObject({ state: 'failed', deadAt: null })
    expect(closed.note).toMatch(/never read back. Given up by a person: looked at it by hand/)
    await expect(redriveDispatch(ask(decisionId))).rejects.toThrow(/no dead letter/)
    await expect(closeDispatch(ask(decisionId))).rejects.toMatchObject({ code: 'conflict' })
    expect(await scene.run(decisionId)).toMatchObject({ kind: 'settled' })
  })
})

describe('what could not be delivered', () => {
  const undelivered = async () => {
    const decisionId = await scene.approve(10)
    standIn.faults.push({
      on: 'dry-run',
      effect: false,
      answer: { status: 401, body: { message: 'expired' } },
    })
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'failed' })
    return decisionId
  }

  test('for a token that ran out goes on where it stopped once it is renewed', async () => {
    const decisionId = await undelivered()
    expect(await letters()).toMatchObject([{ decisionId, state: 'failed', targetName: scene.name }])
    await redriveDispatch(ask(decisionId, 'a new token'))
    expect(scene.jobs.at(-1)).toMatchObject({ name: 'dispatch', data: { decisionId } })
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1 })
  })

  test('is not tried again once its approval is over, or when nobody would approve it now', async () => {
    const decisionId = await undelivered()
    await scene.setPolicy({ maxReplicas: 8 })
    await expect(redriveDispatch(ask(decisionId))).rejects.toThrow(/would not be approved now.*policy/)
    scene.later(24 * 3_600)
    await expect(redriveDispatch(ask(decisionId))).rejects.toThrow(
      /^#\d+ would not be approved now: it was not carried out before it expired at [^;]* UTC\. It takes another plan; give this one up/,
    )
    expect(await letters()).toHaveLength(1)
  })

  test('and goes on after somebody else changed the target is left to them', async () => {
    const decisionId = await undelivered()
    standIn.scaleByOther(scene.name, 5)
    await redriveDispatch(ask(decisionId))
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'failed' })
    expect(scene.target).toMatchObject({ desiredReplicas: 5, effects: 0 })
    expect(await letters()).toEqual([])
  })

  test('because the target said no is no dead letter: the answer is another plan', async () => {
    scene.target.quota = 9
    const decisionId = await scene.approve(10)
    expect(await scene.run(decisionId)).toMatchObject({ state: 'failed' })
    expect(await letters()).toEqual([])
    await expect(redriveDispatch(ask(decisionId))).rejects.toThrow(/no dead letter/)
  })
})

test('what cannot be read until its approval is over is void then, and no dead letter', async () => {
  const decisionId = await scene.approve(10)
  const { proposalId } = await database.db.decision.findUniqueOrThrow({ where: { id: decisionId } })
  const expiresAt = new Date(scene.clock.now().getTime() + 1_500)
  await database.db.proposal.update({ where: { id: proposalId }, data: { expiresAt } })
  away(1)
  expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'pending' })
  expect(scene.jobs.at(-1)?.startAfterSeconds).toBeLessThanOrEqual(1.5)
  scene.later(2)
  away(1)
  expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'void' })
  expect((await scene.dispatch(decisionId)).note).toMatch(
    /void: it was not carried out before it expired.*down/,
  )
  expect(await database.db.proposal.findUniqueOrThrow({ where: { id: proposalId } })).toMatchObject({
    state: 'waiting',
    voidReason: expect.stringContaining('expired'),
  })
  expect(await letters()).toEqual([])
})

test('what ends worker after worker is set aside before the next one', async () => {
  const decisionId = await scene.approve(10)
  const crash = { mostCrashes: 3 }
  const broken = { ...scene.system, queue: { send: () => Promise.reject(new Error('broken')) } }
  for (let worker = 0; worker < 3; worker++) {
    away(1)
    await expect(scene.run(decisionId, crash, broken)).rejects.toThrow('broken')
    scene.later(31)
  }
  expect(await scene.run(decisionId, crash)).toEqual({ kind: 'settled', state: 'pending' })
  expect(await letters()).toMatchObject([{ decisionId, note: expect.stringContaining('3 workers in a row') }])
})

test('a worker that waits gives signs of life, and is not replaced', async () => {
  const decisionId = await scene.approve(10)
  const started = Date.now()
  const ticking = {
    ...scene.system,
    clock: { now: () => new Date(scene.clock.now().getTime() + Date.now() - started) },
  }
  const settings = { leaseSeconds: 0.3 }
  const held = standIn.holdNext('dry-run')
  const first = scene.run(decisionId, settings, ticking)
  await held.arrived
  const untilNow = async () =>
    (await database.db.dispatch.findUniqueOrThrow({ where: { decisionId } })).leaseUntil?.getTime() ?? 0
  const leased = await untilNow()
  await expect.poll(untilNow).toBeGreaterThan(leased + 400)
  expect(await scene.run(decisionId, settings, ticking)).toMatchObject({ kind: 'busy' })
  held.letGo()
  expect(await first).toMatchObject({ kind: 'ran', state: 'applied' })
})

test('the proposal says why its approval is not sent, offers undo for as long as nothing went, and not once it is a dead letter', async () => {
  const decisionId = await scene.approve(10)
  const { proposalId } = await database.db.decision.findUniqueOrThrow({ where: { id: decisionId } })
  const seen = () => getProposal({ ctx: scene.operator, input: { id: proposalId } })
  away(1)
  await scene.run(decisionId)
  const held = await seen()
  expect(held).toMatchObject({ dispatchState: 'pending', undo: { decisionId }, carriedOut: { dead: false } })
  expect(held.carriedOut?.note).toMatch(/could not be read.*tried again/)
  away(1)
  scene.later(601)
  await scene.run(decisionId)
  expect(await seen()).toMatchObject({ dispatchState: 'failed', undo: null, carriedOut: { dead: true } })
})
