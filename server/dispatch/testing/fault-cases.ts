import type { DispatchStateName } from '../../governance/contract.ts'
import type { Db } from '../../kernel/db.ts'
import { getDispatch, runDispatch } from '../index.ts'
import { defaultSettings } from '../settings.ts'
import { connectCluster, createDeploymentScene, type Deployments } from './deployments.ts'
import type { FaultProxy, ProxyFault } from './fault-proxy.ts'

/** One thing that goes wrong, the state that must follow at once, and the one that it must end in. */
export type FaultCase = {
  name: string
  faults: ProxyFault[]
  first: DispatchStateName
  last: DispatchStateName
  bumps: 0 | 1
  /** Waits out the client's time-out of ten seconds. */
  slow?: boolean
}

const answered = (status: number, effect = false, headers = {}): ProxyFault => ({
  effect,
  answer: { status, headers },
})

/** `applied` at once: an unclear answer is read back within the same go. */
export const faultCases: FaultCase[] = [
  { name: '409', faults: [answered(409)], first: 'applied', last: 'verified', bumps: 1 },
  {
    name: '429, Retry-After 45',
    faults: [answered(429, false, { 'retry-after': '45' })],
    first: 'dispatching',
    last: 'verified',
    bumps: 1,
  },
  { name: '500 without effect', faults: [answered(500)], first: 'applied', last: 'verified', bumps: 1 },
  { name: '500 after success', faults: [answered(500, true)], first: 'applied', last: 'verified', bumps: 1 },
  { name: '504 without effect', faults: [answered(504)], first: 'applied', last: 'verified', bumps: 1 },
  { name: '504 after success', faults: [answered(504, true)], first: 'applied', last: 'verified', bumps: 1 },
  {
    name: 'reset before it arrived',
    faults: [{ effect: false, answer: 'reset' }],
    first: 'applied',
    last: 'verified',
    bumps: 1,
  },
  {
    name: 'reset after success',
    faults: [{ effect: true, answer: 'reset' }],
    first: 'applied',
    last: 'verified',
    bumps: 1,
  },
  { name: 'an expired token', faults: [answered(401)], first: 'failed', last: 'failed', bumps: 0 },
  {
    name: 'no answer, half-open socket',
    faults: [{ effect: false, answer: 'half-open' }],
    first: 'applied',
    last: 'verified',
    bumps: 1,
    slow: true,
  },
  {
    name: 'no answer, after success',
    faults: [{ effect: true, answer: 'half-open' }],
    first: 'applied',
    last: 'verified',
    bumps: 1,
    slow: true,
  },
]

/** Carries one decision out through the proxy, with what goes wrong, to its end; returns what is not as it must be. */
export async function tryFault(
  db: Db,
  deployments: Deployments,
  proxy: FaultProxy,
  { faults, first, last, bumps }: FaultCase,
): Promise<string[]> {
  const scene = await createDeploymentScene(db, deployments, await connectCluster(db, proxy.kubeconfig))
  await scene.see()
  const decisionId = await scene.approve(10)
  proxy.faults.push(...faults)
  const go = async () =>
    (
      await runDispatch(
        { ctx: scene.system, input: { decisionId } },
        { ...defaultSettings, leaseSeconds: 60 },
      )
    ).state
  const wrong: string[] = []
  const state = await go()
  if (state !== first) wrong.push(`${state} at once, not ${first}`)
  const [retryAfter] = faults.map(({ answer }) => Object(answer).headers?.['retry-after'])
  const again = scene.jobs.at(-1)?.startAfterSeconds ?? 0
  if (retryAfter && again < Number(retryAfter)) wrong.push(`comes again after ${again} s, not ${retryAfter}`)
  let now = state
  for (let goes = 0; goes < 5 && !['verified', 'failed', 'void'].includes(now); goes++) {
    if ((await deployments.asked(scene.name)).replicas === 10) await deployments.markReady(scene.name)
    scene.clock.advance(61_000)
    now = await go()
  }
  if (now !== last) wrong.push(`ends ${now}, not ${last}`)
  const asked = await deployments.asked(scene.name)
  if (asked.bumps !== bumps) wrong.push(`${asked.bumps} generation bumps, not ${bumps}`)
  if (asked.replicas !== (bumps === 1 ? 10 : 6)) wrong.push(`asked for ${asked.replicas}`)
  const view = await getDispatch({ ctx: scene.system, input: { decisionId } })
  if (last === 'failed' && view?.deadAt === null) wrong.push('is no dead letter')
  return wrong
}
