import { expect, test } from 'vitest'
import { approve, decideByRule, getProposal } from '../governance/index.ts'
import { publishRulesOfApproval } from '../governance/testing/approvals.ts'
import { seenOf } from '../governance/testing/scene.ts'
import { observeTargets } from './index.ts'
import { eachInStandIn } from './testing/each-in-stand-in.ts'
import type { SandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene, type DispatchScene } from './testing/scene.ts'

let standIn: SandboxStandIn
let scene: DispatchScene

eachInStandIn(createDispatchScene, (made) => {
  ;({ standIn, scene } = made)
})

const proposed = async () => {
  await observeTargets({ ctx: scene.system })
  return scene.propose(10)
}

/** What nobody decides in time is due; somebody else takes back what is written. Returns whether anything was. */
async function round(): Promise<{ id: string; decided: boolean }> {
  const { id, actBy } = await proposed()
  scene.clock.set(new Date(Math.max(Date.parse(actBy), scene.clock.now().getTime() + 1_000)))
  const decided = (await decideByRule({ ctx: scene.system })) > 0
  const { decisions } = await getProposal({ ctx: scene.system, input: { id } })
  if (decided) await carryOutAndTakeBack(decisions[0]?.id ?? '')
  return { id, decided }
}

async function carryOutAndTakeBack(decisionId: string): Promise<void> {
  scene.afterHold()
  expect(await scene.run(decisionId)).toMatchObject({ state: 'applied' })
  standIn.scaleByOther(scene.name, 6)
  scene.later()
  expect(await scene.run(decisionId)).toMatchObject({ state: 'failed' })
}

test('rules stop after what they did was taken back twice in a row, until a person approves', async () => {
  const rule = { name: 'rather-more', scope: { workload: scene.name }, fallback: 'scale-up' } as const
  const failSafes = [{ ...rule, maxCostChangePerHourUsd: 50 }]
  await publishRulesOfApproval(await scene.person('admin'), { failSafes })
  expect(await round()).toMatchObject({ decided: true })
  expect(await round()).toMatchObject({ decided: true })
  const third = await round()
  expect(third.decided).toBe(false)
  const waiting = await getProposal({ ctx: scene.system, input: { id: third.id } })
  expect(waiting.failSafe).toMatchObject({
    fallback: 'expire',
    words: expect.stringMatching(/taken back 2 times in a row/),
  })
  expect(standIn.arrived.write).toBe(2)

  const { id } = await approve({ ctx: scene.operator, input: seenOf(waiting) })
  await carryOutAndTakeBack(id)
  expect(await round()).toMatchObject({ decided: true })
}, 20_000)
