import { approve } from '../../governance/index.ts'
import { seenOf } from '../../governance/testing/scene.ts'
import { createDb, type Db } from '../../kernel/db.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import { kubernetes } from '../adapters/kubernetes/index.ts'
import type { SetPoint } from '../contract.ts'
import { runDispatch } from '../index.ts'
import { connectCluster, createDeploymentScene, type Deployments, deploymentsOf } from './deployments.ts'
import { withCluster } from './with-cluster.ts'

/**
 * Dispatches per second and the time from approval to applied against the real API server, beside the bare client's own rate with
 * the same requests: `npm run bench:dispatch`.
 */

const count = Number(process.env.INFRASAGE_BENCH_DISPATCHES ?? 120)
const lanes = Number(process.env.INFRASAGE_BENCH_LANES ?? 8)

/** Runs all of them, so many at a time. Returns the milliseconds of each, and of all, by the clock and of this process' CPU. */
async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<unknown>) {
  const each: number[] = []
  let next = 0
  const cpu = process.cpuUsage()
  const start = performance.now()
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) {
      const began = performance.now()
      await work(item)
      each.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  const { user, system } = process.cpuUsage(cpu)
  return { each, wallMs: performance.now() - start, cpuMs: (user + system) / 1_000 }
}

type Measured = Awaited<ReturnType<typeof inLanes>>

function rateOf({ each, wallMs }: Measured): number {
  return each.length / (wallMs / 1_000)
}

function row(name: string, measured: Measured, base: number): void {
  const sorted = measured.each.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0)
  const rate = rateOf(measured)
  const cpu = (measured.cpuMs / measured.each.length).toFixed(1)
  const share = Number.isFinite(base) ? `${Math.round((100 * rate) / base)}%` : '100%'
  console.log(`| ${name} | ${rate.toFixed(1)} | ${share} | ${at(0.5)} | ${at(0.99)} | ${cpu} |`)
}

async function bare(kubeconfig: string, deployments: Deployments, names: string[], replicas: number) {
  const refOf = (name: string) => ({ namespace: deployments.namespace, kind: 'Deployment', name })
  const setPoint: SetPoint = {
    replicas,
    control: 'replicas',
    final: false,
    dispatchId: 'bare',
    fencingToken: 1,
  }
  const same = await inLanes(names, async (name) => {
    const adapter = await kubernetes.open({ kubeconfig }, refOf(name))
    const { lock } = await adapter.observe()
    await adapter.dryRun(lock, setPoint)
    const outcome = await adapter.apply(lock, setPoint)
    if (outcome.kind !== 'applied') throw new Error(JSON.stringify(outcome))
  })
  return same
}

async function bench(db: Db, kubeconfig: string): Promise<void> {
  const deployments = await deploymentsOf(kubeconfig)
  const connectionId = await connectCluster(db, kubeconfig)
  const scenes = []
  for (let i = 0; i < 2 * count; i++) scenes.push(await createDeploymentScene(db, deployments, connectionId))
  for (const scene of scenes) await scene.see()
  const waiting = scenes.slice(0, count)
  const decisions: { scene: (typeof scenes)[number]; id: string }[] = []
  for (const scene of waiting) decisions.push({ scene, id: await scene.approve(10) })
  const queued = scenes.slice(count)
  const proposals = []
  for (const scene of queued) proposals.push({ scene, proposal: await scene.propose(10) })

  console.log(`${count} decisions, ${lanes} at a time, one process\n`)
  console.log(
    '| what | per second | of the bare client | p50 ms | p99 ms | CPU ms each |\n|---|---|---|---|---|---|',
  )
  const others = Array.from({ length: count }, (_, i) => `bare-${i}`)
  for (const name of others) await deployments.create(name, 6)
  await bare(kubeconfig, deployments, others.slice(0, lanes), 5)
  const base = await bare(kubeconfig, deployments, others, 10)
  row('bare client, the same requests', base, Number.POSITIVE_INFINITY)
  const dispatched = await inLanes(decisions, async ({ scene, id }) => {
    const { state } = await runDispatch({ ctx: scene.system, input: { decisionId: id } })
    if (state !== 'applied') throw new Error(state)
  })
  row('dispatch of what is approved', dispatched, rateOf(base))
  const whole = await inLanes(proposals, async ({ scene, proposal }) => {
    const { id } = await approve({ ctx: scene.operator, input: seenOf(proposal) })
    scene.afterHold()
    const { state } = await runDispatch({ ctx: scene.system, input: { decisionId: id } })
    if (state !== 'applied') throw new Error(state)
  })
  row('approve → applied', whole, rateOf(base))
}

await withCluster(async ({ adminKubeconfig }) => {
  await withThrowawayDatabase(async (appUrl) => {
    const db = createDb(appUrl, lanes + 4)
    await bench(db, adminKubeconfig)
    await db.$disconnect()
  })
})
