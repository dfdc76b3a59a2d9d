import { describe, expect, test } from 'vitest'
import { getSwitch, setSwitch } from '../governance/index.ts'
import { askBack } from './index.ts'
import { eachInStandIn } from './testing/each-in-stand-in.ts'
import { createSagaDispatchScene } from './testing/saga-scene.ts'
import type { SandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene } from './testing/scene.ts'

let standIn: SandboxStandIn
let scene: Awaited<ReturnType<typeof createDispatchScene>>
let saga: Awaited<ReturnType<typeof createSagaDispatchScene>>

eachInStandIn(
  async (db, inIt) => ({
    single: await createDispatchScene(db, inIt),
    several: await createSagaDispatchScene(db, inIt),
  }),
  (made) => {
    ;({
      standIn,
      scene: { single: scene, several: saga },
    } = made)
  },
)

/** A worker stands still for longer than its lease while its write is on its way. */
const underWay = async (of: Pick<typeof scene, 'run' | 'later'>, decisionId: string) => {
  const held = standIn.holdNext('write')
  const zombie = of.run(decisionId)
  await held.arrived
  of.later(61)
  const arrive = async () => {
    held.letGo()
    expect(await zombie).toMatchObject({ kind: 'taken-over' })
  }
  return { arrive }
}

describe('a write that was not answered', () => {
  test('and may no more be sent again is unknown until it lands, and then it is ours', async () => {
    const id = await scene.approve(10)
    const { arrive } = await underWay(scene, id)
    await scene.setPolicy({ maxReplicas: 8 })
    expect(await scene.run(id)).toEqual({ kind: 'ran', state: 'unknown' })
    expect((await scene.dispatch(id)).note).toMatch(/policy moved.*may have reached the target/)
    await arrive()
    scene.later()
    expect(await scene.run(id)).toEqual({ kind: 'ran', state: 'applied' })
    expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1 })
  })

  test('fails in words once it can land no more, and says so', async () => {
    const id = await scene.approve(10)
    await underWay(scene, id)
    await scene.setPolicy({ maxReplicas: 8 })
    expect(await scene.run(id)).toEqual({ kind: 'ran', state: 'unknown' })
    scene.later(230)
    expect(await scene.run(id)).toEqual({ kind: 'ran', state: 'unknown' })
    scene.later()
    expect(await scene.run(id)).toEqual({ kind: 'ran', state: 'failed' })
    const { note, receipts } = await scene.dispatch(id)
    expect(note).toMatch(/policy moved.*What was sent had no effect\. Nothing was changed/)
    expect(receipts.map(({ step, outcome }) => `${step}: ${outcome}`)).toContain('apply: no effect')
    expect(standIn.arrived.write).toBe(1)
  })

  test('holds what was written before it where it is: nothing is taken back beside it', async () => {
    const id = await saga.approveSaga()
    await saga.run(id)
    saga.settle('owned')
    saga.later()
    const { arrive } = await underWay(saga, id)
    await saga.setPolicy({ costLimitPerHourUsd: 15 })
    expect(await saga.run(id)).toEqual({ kind: 'ran', state: 'unknown' })
    expect(saga.targets.owned.desiredReplicas).toBe(8)
    await arrive()
    saga.later()
    expect(await saga.run(id)).toEqual({ kind: 'ran', state: 'applied' })
    expect([saga.targets.cloud.desiredReplicas, saga.targets.owned.desiredReplicas]).toEqual([4, 8])
  })

  test('is not taken back by hand before it can land no more', async () => {
    const admin = await scene.person('admin')
    const turn = async (engaged: boolean) => {
      const { number: basedOn } = await getSwitch({ ctx: admin })
      await setSwitch({ ctx: admin, input: { engaged, reason: 'a bad deploy', basedOn } })
    }
    const id = await scene.approve(10)
    await underWay(scene, id)
    await turn(true)
    await scene.run(id)
    expect((await scene.dispatch(id)).note).toContain('may still take effect')
    const back = () => askBack({ ctx: scene.operator, input: { decisionId: id, reason: 'take it back' } })
    await expect(back()).rejects.toThrow(/not answered and may still be taken until/)
    scene.later(300)
    await scene.run(id)
    expect(await back()).toMatchObject({ state: 'failed' })
    await turn(false)
  })

  test('is not sent by a worker that stood still between its leave and the write', async () => {
    const id = await scene.approve(10)
    const now = () => {
      scene.later(8)
      return scene.clock.now()
    }
    expect(await scene.run(id, {}, { ...scene.system, clock: { now } })).toMatchObject({ kind: 'ran' })
    expect((await scene.dispatch(id)).note).toContain('stood still for')
    expect(standIn.arrived.write).toBe(0)
  })
})

test('a conflict that follows the effect, as a proxy that repeats a write makes it, is ours', async () => {
  const id = await scene.approve(10)
  standIn.faults.push({ on: 'write', effect: true, answer: { status: 412, body: { message: 'stale' } } })
  expect(await scene.run(id)).toEqual({ kind: 'ran', state: 'applied' })
  expect(scene.target).toMatchObject({ desiredReplicas: 10, effects: 1 })
  expect(standIn.arrived.write).toBe(1)
})
