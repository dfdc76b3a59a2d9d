import { approve } from '../../governance/index.ts'
import { seenOf } from '../../governance/testing/scene.ts'
import { createDb, type Db } from '../../kernel/db.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import { kubernetesClient } from '../adapters/kubernetes/client.ts'
import { kubernetes } from '../adapters/kubernetes/index.ts'
import { bindKind } from '../adapters/kubernetes/kinds/index.ts'
import type { SetPoint } from '../contract.ts'
import { runDispatch } from '../index.ts'
import { cpuMeter } from './bench-cpu.ts'
import { inLanes, type Measured, printHead, printRow } from './bench-table.ts'
import { connectCluster, createDeploymentScene, type Deployments, deploymentsOf } from './deployments.ts'
import { withCluster } from './with-cluster.ts'

/**
 * Dispatches per second and the time from approval to applied against the real API server, in one process, beside what the bare
 * client does: the first part of `npm run bench:dispatch`. Before every row each lane has done the same twelve times, as a worker that has
 * been up for a while: by then every connection has its plans.
 */

const count = Number(process.env.INFRASAGE_BENCH_DISPATCHES ?? 120)
const lanes = Number(process.env.INFRASAGE_BENCH_LANES ?? 8)
const warmUp = 12 * lanes

/** What a dispatch sends, and nothing else: two reads with their autoscalers, a dry run, a write. */
async function sameRequests(kubeconfig: string, deployments: Deployments, name: string): Promise<void> {
  const ref = { namespace: deployments.namespace, kind: 'Deployment', name }
  const once = { control: 'replicas', final: false, dispatchId: 'bare', fencingToken: 1 } as const
  const setPoint: SetPoint = { replicas: 10, ...once }
  const adapter = await kubernetes.open({ kubeconfig }, ref)
  const { lock } = await adapter.observe()
  await adapter.dryRun(lock, setPoint)
  const outcome = await adapter.apply(lock, setPoint)
  if (outcome.kind !== 'applied') throw new Error(JSON.stringify(outcome))
}

/** One write of the scale under the version that was read before, over the same connections; nothing is read. */
async function onePut(kubeconfig: string, deployments: Deployments, names: readonly string[]) {
  const { objects } = await kubernetesClient({ kubeconfig }, 10_000)
  const locks = new Map<string, string>()
  for (const name of names) locks.set(name, (await deployments.read(name)).metadata?.resourceVersion ?? '')
  return (name: string) => {
    const { place } = bindKind({ namespace: deployments.namespace, kind: 'Deployment', name })
    return objects.replaceScale(place, locks.get(name) ?? '', 7, false)
  }
}

async function bench(db: Db, kubeconfig: string): Promise<void> {
  const deployments = await deploymentsOf(kubeconfig)
  const connectionId = await connectCluster(db, kubeconfig)
  const cpu = await cpuMeter(db)
  const measure = async <T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<Measured> => {
    await inLanes(items.slice(0, warmUp), lanes, cpu, work)
    return inLanes(items.slice(warmUp), lanes, cpu, work)
  }
  const all = Array.from({ length: count + warmUp }, (_, i) => i)

  const names = all.map((i) => `bare-${i}`)
  for (const name of names) await deployments.create(name, 6)
  const scenes = []
  for (const _ of [...all, ...all]) {
    const scene = await createDeploymentScene(db, deployments, connectionId)
    await scene.see()
    scenes.push({ scene, proposal: await scene.propose(10) })
  }
  type Waiting = (typeof scenes)[number]
  const decide = async ({ scene, proposal }: Waiting): Promise<string> => {
    const { id } = await approve({ ctx: scene.operator, input: seenOf(proposal) })
    scene.afterHold()
    return id
  }
  const carryOut = async ({ scene }: Waiting, decisionId: string): Promise<void> => {
    const { state } = await runDispatch({ ctx: scene.system, input: { decisionId } })
    if (state !== 'applied') throw new Error(state)
  }

  printHead(`${count} decisions, ${lanes} at a time, one process`, 'the same requests')
  const put = await measure(names, await onePut(kubeconfig, deployments, names))
  const base = await measure(names, (name) => sameRequests(kubeconfig, deployments, name))
  printRow('bare client, one PUT of /scale and nothing else', put, base)
  printRow('bare client, the same requests as a dispatch', base, null)
  const decided: { one: Waiting; id: string }[] = []
  for (const one of scenes.slice(0, all.length)) decided.push({ one, id: await decide(one) })
  printRow('dispatch of what is approved', await measure(decided, ({ one, id }) => carryOut(one, id)), base)
  const whole = await measure(scenes.slice(all.length), async (one) => carryOut(one, await decide(one)))
  printRow('approve → applied', whole, base)
}

await withCluster(async ({ adminKubeconfig }) => {
  await withThrowawayDatabase(async (appUrl) => {
    const db = createDb(appUrl, lanes + 4)
    await bench(db, adminKubeconfig)
    await db.$disconnect()
  })
})
