import { expect, test, vi } from 'vitest'
import { manualClock, systemClock } from '../kernel/clock.ts'
import { type Gates, passGate, settleGates } from './gate.ts'
import { claim } from './lease.ts'
import { defaultSettings } from './settings.ts'
import { eachInStandIn } from './testing/each-in-stand-in.ts'
import type { SandboxStandIn } from './testing/sandbox-stand-in.ts'
import { createDispatchScene, type DispatchScene } from './testing/scene.ts'

let standIn: SandboxStandIn
let scene: DispatchScene

eachInStandIn(createDispatchScene, (made) => {
  ;({ standIn, scene } = made)
})

const hourMs = 3_600_000
const clockAhead = () => manualClock(new Date(scene.clock.now().getTime() + hourMs))

test('a lease of a worker whose clock was an hour ahead, and which died, keeps nobody out', async () => {
  const id = await scene.approve(10)
  await claim({ ...scene.system, clock: clockAhead() }, id, defaultSettings)
  scene.later()
  expect(await scene.run(id)).toEqual({ kind: 'ran', state: 'applied' })
})

test('the gate of a connection goes by the clock of the database, not by that of a worker', async () => {
  const { connectionId } = await scene.system.db.target.findUniqueOrThrow({ where: { id: scene.targetId } })
  const began = Date.now()
  vi.useFakeTimers({ toFake: ['Date'], now: began + hourMs })
  try {
    const ahead = { ...scene.system, clock: systemClock }
    const gates: Gates = new Map()
    const passage = await passGate(ahead, gates, { id: connectionId, name: 'ahead' })
    Object.assign(passage, { pauseSeconds: 5, unanswered: 5, lastFailure: 'away' })
    await settleGates(ahead, gates)
  } finally {
    vi.useRealTimers()
  }
  const { refilledAt, pausedUntil, openUntil } = await scene.system.db.connectionGate.findUniqueOrThrow({
    where: { connectionId },
  })
  for (const at of [refilledAt, pausedUntil, openUntil])
    expect(at?.getTime()).toBeLessThan(began + hourMs / 2)
})

test('one answer that asks to be left alone for ten minutes, and one that is lost after it, are tried again', async () => {
  const id = await scene.approve(10)
  const busy = { status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '600' } }
  standIn.faults.push({ on: 'dry-run', effect: false, answer: busy })
  expect(await scene.run(id)).toEqual({ kind: 'ran', state: 'dispatching' })
  scene.later(602)
  standIn.faults.push({ on: 'read', effect: false, answer: { status: 503, body: { message: 'blip' } } })
  expect(await scene.run(id)).toEqual({ kind: 'ran', state: 'dispatching' })
  scene.later()
  expect(await scene.run(id)).toEqual({ kind: 'ran', state: 'applied' })
})
