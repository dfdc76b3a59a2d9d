import { beforeEach, expect, test } from 'vitest'
import type { TestDatabase } from '../runtime/testing/index.ts'
import { lastAppliedAt, sweepDispatches } from './index.ts'
import { eachInStandIn } from './testing/each-in-stand-in.ts'
import type { SandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene, type DispatchScene } from './testing/scene.ts'

let database: TestDatabase
let standIn: SandboxStandIn
let scene: DispatchScene
let decisionId: string

eachInStandIn(createDispatchScene, (made) => {
  ;({ database, standIn, scene } = made)
})
beforeEach(async () => {
  decisionId = await scene.approve(10)
  scene.jobs.length = 0
})

/** Jobs that the sweep sends for this scene's decision. */
async function swept(): Promise<number> {
  scene.jobs.length = 0
  await sweepDispatches({ ctx: scene.system })
  return scene.jobs.filter(({ data }) => 'decisionId' in data && data.decisionId === decisionId).length
}

test('a decision whose first job was lost is found after a while, once per while', async () => {
  expect(await swept()).toBe(0)
  scene.later(20)
  expect(await swept()).toBe(1)
  expect(await swept()).toBe(0)
  scene.later(20)
  expect(await swept()).toBe(1)
  expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
})

test('a dispatch whose holder died is found when its lease and the grace are over', async () => {
  const held = standIn.holdNext('write')
  const silent = scene.run(decisionId)
  await held.arrived
  scene.later(20)
  expect(await swept()).toBe(0)
  scene.later(30)
  expect(await swept()).toBe(1)
  expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
  expect(scene.target.effects).toBe(1)
  held.letGo()
  expect(await silent).toMatchObject({ kind: 'taken-over' })
})

test('what is settled or has its next look coming is left alone', async () => {
  const appliedAt = scene.clock.now()
  await scene.run(decisionId)
  expect(await swept()).toBe(0)
  scene.target.readyReplicas = 10
  scene.later(2)
  await scene.run(decisionId)
  scene.later(3_600)
  expect(await swept()).toBe(0)
  expect(await lastAppliedAt(database.db, scene.workloadId)).toEqual(appliedAt)
})

test('what no sweep has found comes in the end, though every job is lost', async () => {
  scene.target.readyReplicas = 10
  for (let minute = 0; minute < 3; minute++) {
    scene.later(60)
    if ((await swept()) > 0) await scene.run(decisionId)
  }
  expect((await scene.dispatch(decisionId)).state).toBe('verified')
})
