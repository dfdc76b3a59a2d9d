import { describe, expect, test } from 'vitest'
import { verifyLog } from '../audit/index.ts'
import { approve, getProposal } from '../governance/index.ts'
import { moveHome } from '../governance/testing/saga-scene.ts'
import { seenOf } from '../governance/testing/scene.ts'
import { eachInStandIn } from './testing/each-in-stand-in.ts'
import { createSagaDispatchScene, type SagaDispatchScene } from './testing/saga-scene.ts'
import type { SandboxStandIn } from './testing/sandbox-stand-in.ts'

let standIn: SandboxStandIn
let scene: SagaDispatchScene

eachInStandIn(createSagaDispatchScene, (made) => {
  ;({ standIn, scene } = made)
})

const states = async (decisionId: string) =>
  (await scene.dispatch(decisionId)).actions.map(({ state }) => state)
const levels = () => ({
  cloud: scene.targets.cloud.desiredReplicas,
  owned: scene.targets.owned.desiredReplicas,
})

describe('stages', () => {
  test('the second is written only when the first stood ready, whatever time that takes', async () => {
    const decisionId = await scene.approveSaga()
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'dispatching' })
    expect(levels()).toEqual({ cloud: 6, owned: 8 })
    expect(await states(decisionId)).toEqual(['applied', 'waiting'])
    expect((await scene.dispatch(decisionId)).note).toContain('4 of 8 replicas')
    scene.later()
    await scene.run(decisionId)
    expect(scene.targets.cloud.effects).toBe(0)

    scene.settle('owned')
    scene.later()
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
    expect(levels()).toEqual({ cloud: 4, owned: 8 })
    expect(await states(decisionId)).toEqual(['verified', 'applied'])
    scene.settle('cloud')
    scene.later()
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'verified' })
    expect(await scene.audited(decisionId)).toEqual([
      ...['dispatch.taken', 'dispatch.started'],
      ...['dispatch.sent', 'dispatch.action-applied', 'dispatch.stage-verified'],
      ...['dispatch.sent', 'dispatch.applied', 'dispatch.verified'],
    ])
  })

  test('before a later one the budget is held against the peak again; without leave all is taken back', async () => {
    const decisionId = await scene.approveSaga()
    await scene.run(decisionId)
    scene.settle('owned')
    await scene.setPolicy({ costLimitPerHourUsd: 15 })
    scene.later()
    expect(await scene.run(decisionId)).toMatchObject({ state: 'rolling_back' })
    expect(levels()).toEqual({ cloud: 6, owned: 4 })
    scene.settle('owned')
    scene.later()
    expect(await scene.run(decisionId)).toMatchObject({ state: 'rolled_back' })
    expect((await scene.dispatch(decisionId)).note).toMatch(/policy moved: version 1 → 2.*taken back/)
    expect(scene.targets.cloud.effects).toBe(0)
  })
})

describe('telemetry that goes stale between stages', () => {
  const staleAfterFirst = async () => {
    const decisionId = await scene.approveSaga()
    await scene.run(decisionId)
    scene.settle('owned')
    // A sample may be four steps of a minute old.
    scene.later(300)
    expect(await scene.run(decisionId)).toMatchObject({ state: 'dispatching' })
    expect(levels()).toEqual({ cloud: 6, owned: 8 })
    expect(await states(decisionId)).toEqual(['verified', 'waiting'])
    expect((await scene.dispatch(decisionId)).note).toMatch(/Fresh telemetry: stale.*waits for telemetry/)
    return decisionId
  }

  test('takes nothing away, what was added before included: the fall waits until it is fresh again', async () => {
    const decisionId = await staleAfterFirst()
    await scene.measureNow()
    scene.later(60)
    expect(await scene.run(decisionId)).toMatchObject({ state: 'applied' })
    expect(levels()).toEqual({ cloud: 4, owned: 8 })
  })

  test('for long ends it with all of it standing, and says what', async () => {
    const decisionId = await staleAfterFirst()
    scene.later(700)
    expect(await scene.run(decisionId)).toMatchObject({ state: 'failed' })
    expect(levels()).toEqual({ cloud: 6, owned: 8 })
    expect((await scene.dispatch(decisionId)).note).toMatch(/What stands: ".*owned" at 8 \(was 4\)/)
  })
})

describe('a stage that fails', () => {
  test('by a refusal takes back what was applied before it, once, in receipts of its own', async () => {
    scene.targets.cloud.quota = 3
    const decisionId = await scene.approveSaga()
    await scene.run(decisionId)
    scene.settle('owned')
    scene.later()
    // The refusal, and at once the way back: it waits until what was taken back is ready.
    expect(await scene.run(decisionId)).toMatchObject({ state: 'rolling_back' })
    expect(levels()).toEqual({ cloud: 6, owned: 4 })
    expect(await states(decisionId)).toEqual(['taken_back', 'failed'])
    expect((await scene.dispatch(decisionId)).rollingBackAt).not.toBeNull()
    scene.settle('owned')
    scene.later()
    expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'rolled_back' })
    const dispatch = await scene.dispatch(decisionId)
    expect(dispatch.note).toMatch(/quota of 3 replicas.*taken back/)
    expect(dispatch.receipts.map(({ step, outcome }) => `${step} ${outcome}`)).toContain('undo sent')
    expect(scene.targets.owned).toMatchObject({ desiredReplicas: 4, effects: 2, version: 5 })
    expect(await scene.run(decisionId)).toEqual({ kind: 'settled', state: 'rolled_back' })
  })

  test('by time takes back its own write before that of the stage before, and each waits to be ready', async () => {
    const decisionId = await scene.approveSaga()
    await scene.run(decisionId)
    scene.settle('owned')
    scene.later()
    await scene.run(decisionId)
    // Three times the p90 lead time of the offering.
    scene.later(730)
    expect(await scene.run(decisionId)).toMatchObject({ state: 'rolling_back' })
    // The cloud's six never went, and stand; only then is the owned pool brought back.
    expect(await states(decisionId)).toEqual(['taken_back', 'undone'])
    expect(levels()).toEqual({ cloud: 6, owned: 4 })
    scene.settle('owned')
    scene.later()
    expect(await scene.run(decisionId)).toMatchObject({ state: 'rolled_back' })
    expect((await scene.dispatch(decisionId)).note).toMatch(/not taken effect: 6 of 4 replicas/)
  })

  test('an earlier one is not touched while a later one is not back yet', async () => {
    const decisionId = await scene.approveSaga()
    await scene.run(decisionId)
    scene.settle('owned')
    scene.later()
    await scene.run(decisionId)
    scene.targets.cloud.readyReplicas = 5
    scene.later(730)
    expect(await scene.run(decisionId)).toMatchObject({ state: 'rolling_back' })
    expect(levels()).toEqual({ cloud: 6, owned: 8 })
    expect(await states(decisionId)).toEqual(['verified', 'taken_back'])
  })

  test('what somebody else changed since is left as it is, and the words say what stands where', async () => {
    scene.targets.cloud.quota = 3
    const decisionId = await scene.approveSaga()
    await scene.run(decisionId)
    scene.settle('owned')
    standIn.faults.push({ on: 'read', effect: false, answer: { status: 200, body: readOf(8, 8, '4') } })
    standIn.scaleByOther(scene.pools.owned.target.name, 9)
    scene.later()
    expect(await scene.run(decisionId)).toMatchObject({ state: 'failed' })
    const { note } = await scene.dispatch(decisionId)
    expect(note).toMatch(
      /not taken back to 4 replicas: somebody else changed it since to 9 replicas.*What stands/,
    )
    expect(scene.targets.owned.desiredReplicas).toBe(9)
  })

  test('of rises alone undoes nothing: each is of use without the other', async () => {
    scene.targets.cloud.quota = 7
    const rises = [
      { pool: 'owned', to: 6, stage: 0 },
      { pool: 'cloud', to: 8, stage: 0 },
    ] as const
    const decisionId = await scene.approveSaga([...rises], { purpose: 'capacity', direction: 'up' })
    expect(await scene.run(decisionId)).toMatchObject({ state: 'failed' })
    expect((await scene.dispatch(decisionId)).note).toContain('at 6 (was 4)')
    expect(levels()).toEqual({ cloud: 6, owned: 6 })
  })

  test('behind a job that was ended for good undoes nothing', async () => {
    scene.targets.cloud.quota = 3
    const parts = [
      { pool: 'job', to: 0, stage: 0, kind: 'cancel' },
      { pool: 'cloud', to: 5, stage: 1 },
    ] as const
    const decisionId = await scene.approveSaga([...parts], { purpose: 'stop-harm', direction: 'stop' })
    await scene.run(decisionId)
    scene.settle('job')
    scene.later()
    expect(await scene.run(decisionId)).toMatchObject({ state: 'failed' })
    expect((await scene.dispatch(decisionId)).note).toMatch(
      /What stands: ".*-job" (ended|suspended) \(was running\)/,
    )
  })
})

const readOf = (desiredReplicas: number, readyReplicas: number, version: string) => ({
  ...{ id: 'x', desiredReplicas, readyReplicas, version },
  ...{ inFlightReplicas: 0, effects: 1 },
})

test('an unclear answer on the way back is settled by reading, and written once', async () => {
  scene.targets.cloud.quota = 3
  const decisionId = await scene.approveSaga()
  await scene.run(decisionId)
  scene.settle('owned')
  standIn.faults.push({ on: 'write', effect: true, answer: 'reset' })
  scene.later()
  expect(await scene.run(decisionId)).toMatchObject({ state: 'rolling_back' })
  expect(scene.targets.owned).toMatchObject({ desiredReplicas: 4, effects: 2, version: 5 })
  expect(await states(decisionId)).toEqual(['taken_back', 'failed'])
})

test('while it is under way nothing else of the workload is approved', async () => {
  const decisionId = await scene.approveSaga()
  await scene.run(decisionId)
  const held = await scene.publish(await scene.planned(9))
  expect(held).toMatchObject({ kind: 'held' })
  const stop = await scene.proposeSaga([{ pool: 'job', to: 0, kind: 'suspend' }], {
    purpose: 'stop-harm',
    direction: 'stop',
  })
  // Harm is stopped meanwhile: no target is shared.
  await approve({ ctx: scene.operator, input: seenOf(stop) })
  expect(await getProposal({ ctx: scene.system, input: { id: stop.id } })).toMatchObject({
    state: 'approved',
  })
})

test('the log of all this holds', async () => {
  await scene.proposeSaga(moveHome)
  const report = await verifyLog({ ctx: scene.system, input: { publicKeys: [], checkpointFile: null } })
  expect(report).toMatchObject({ ok: true })
})
