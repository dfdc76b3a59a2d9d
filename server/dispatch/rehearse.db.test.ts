import { expect, test } from 'vitest'
import { approve, getDecision, getProposal } from '../governance/index.ts'
import { seenOf } from '../governance/testing/scene.ts'
import type { TestDatabase } from '../runtime/testing/index.ts'
import { rehearseWaiting } from './index.ts'
import { eachInStandIn } from './testing/each-in-stand-in.ts'
import type { SandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene, type DispatchScene } from './testing/scene.ts'

let database: TestDatabase
let standIn: SandboxStandIn
let scene: DispatchScene

eachInStandIn(createDispatchScene, (made) => {
  ;({ database, standIn, scene } = made)
})

const ask = () => rehearseWaiting({ ctx: scene.system })
const shown = async (id: string) => (await getProposal({ ctx: scene.system, input: { id } })).rehearsal

test('targets are asked before anybody decides, changed in nothing, and not asked again at once', async () => {
  const { id } = await scene.propose(10)
  expect(await shown(id)).toEqual([])
  expect(await ask()).toBeGreaterThanOrEqual(1)
  expect(await shown(id)).toMatchObject([{ verdict: 'accepted', message: null, observedVersion: '7' }])
  expect(scene.target).toMatchObject({ desiredReplicas: 6, effects: 0 })
  expect(await ask()).toBe(0)
  scene.later(61)
  expect(await ask()).toBeGreaterThanOrEqual(1)
})

test('a refusal is seen by who decides, kept with the decision, and holds up nobody who knows better', async () => {
  scene.target.quota = 9
  const proposal = await scene.propose(10)
  await ask()
  const said = [{ verdict: 'refused', message: 'quota of 9 replicas' }]
  expect(await shown(proposal.id)).toMatchObject(said)
  const { id: decisionId } = await approve({ ctx: scene.operator, input: seenOf(proposal) })
  expect(await getDecision({ ctx: scene.system, input: { id: decisionId } })).toMatchObject({
    rehearsal: said,
  })
  const entry = await database.db.auditEntry.findFirstOrThrow({
    where: { subject: `proposal/${proposal.id}`, action: 'proposal.approve' },
  })
  expect(JSON.parse(entry.canonical)).toMatchObject({ body: { rehearsal: said } })
  scene.target.quota = 20
  scene.afterHold()
  expect(await scene.run(decisionId)).toEqual({ kind: 'ran', state: 'applied' })
})

test('of a target that moved, or that cannot be asked, it says so', async () => {
  const { id } = await scene.propose(10)
  standIn.scaleByOther(scene.name, 8)
  await ask()
  expect(await shown(id)).toMatchObject([{ verdict: 'moved', observedVersion: '8' }])
  standIn.faults.push({ on: 'read', effect: false, answer: 'reset' })
  scene.later(61)
  await ask()
  expect(await shown(id)).toMatchObject([{ verdict: 'unclear' }])
})
