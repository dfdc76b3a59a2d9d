import { createDb, type Db } from '../../kernel/db.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import { at } from '../adapters/kubernetes/object.ts'
import { realCluster } from './cluster.ts'
import { namespace } from './kind-samples.ts'
import { create, createLiveScene, type LiveScene, pathOf, refOf, until } from './live-world.ts'
import { podMetricsDefinition, shareLoad } from './pod-metrics.ts'
import { missingControllers, startControllers } from './real-controllers.ts'
import { everyTick } from './ticking.ts'
import { withCluster } from './with-cluster.ts'

/**
 * Against Kubernetes' own controllers at their own pace, and in real time: `npm run check:controllers -- [seconds of watching]`. `kube-apiserver`, `etcd`,
 * `kube-controller-manager` and `kwok` are looked for in the folder that KUBEBUILDER_ASSETS names.
 */

const watchSeconds = Number(process.argv[2] ?? 90)
const readyAfterMs = 2_000
let wrong = 0

function say(what: string, holds: boolean): void {
  if (!holds) wrong++
  process.stdout.write(`${holds ? 'ok ' : 'NOT'} ${what}\n`)
}

type Open = () => Promise<LiveScene>

const replicasOf = async ({ cluster }: LiveScene, name: string): Promise<number> =>
  Number(at(await cluster.read(pathOf.Deployment(name)), ['spec', 'replicas']))

/** Watches a Deployment second by second: which numbers of replicas it was asked for, and how often its spec was written. */
async function watch(scene: LiveScene, name: string, seconds: number, each: () => Promise<unknown>) {
  const before = await scene.generation('Deployment', name)
  const levels = new Set<number>()
  for (let i = 0; i < seconds; i++) {
    await scene.second()
    await each()
    levels.add(await replicasOf(scene, name))
  }
  return { levels: [...levels], writes: (await scene.generation('Deployment', name)) - before }
}

/** A real autoscaler takes a Deployment over, has its floor raised, and is left alone above it. */
async function besideAutoscaler(open: Open, core: Parameters<typeof shareLoad>[1]): Promise<void> {
  const scene = await open()
  const { cluster, name } = scene
  const [deployment, hpa] = [pathOf.Deployment(name), pathOf.HorizontalPodAutoscaler(name)]
  await create(cluster, 'Deployment', name, 4)
  await until('four pods are ready', async () => (await scene.pods(name)) === 4)
  await scene.map('cloud', refOf('Deployment', name))
  const early = await scene.approve([{ pool: 'cloud', to: 10 }])
  let cores = 0.15
  const load = shareLoad(cluster, core, name, () => cores)
  await cluster.create(hpa, {
    ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name, namespace } },
    spec: {
      ...{ minReplicas: 4, maxReplicas: 20, behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } },
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
        },
      ],
    },
  })
  const late = await scene.deliver(early)
  say(
    `approved before the autoscaler came: ${late.view.state}, ${late.view.note}`,
    late.view.state === 'failed',
  )
  const refusal = await scene.approve([{ pool: 'cloud', to: 10 }]).catch((error: Error) => error.message)
  say(`approved after it came: ${refusal}`, /Map its floor/.test(refusal))
  say('the Deployment was not written by us', (await cluster.writes(deployment, 'infrasage')) === 0)

  await scene.map('cloud', refOf('HorizontalPodAutoscaler', name))
  const raise = await scene.approve([{ pool: 'cloud', to: 10 }])
  const raised = await scene.deliver(raise)
  say(
    `minReplicas 4 → 10: ${raised.view.state} after ${raised.seconds} s, at ${await replicasOf(scene, name)} replicas and ${await scene.pods(name)} ready pods; said: ${raised.notes.join(' ')}`,
    raised.view.state === 'verified' && (await scene.pods(name)) >= 10,
  )
  const again = () => Promise.all([scene.deliver(raise, 0), scene.see()])
  const quiet = await watch(scene, name, watchSeconds, again)
  say(
    `${watchSeconds} s of watching: asked for ${quiet.levels.join()}, ${quiet.writes} changes of its spec`,
    quiet.writes === 0,
  )
  cores = 0.7
  const up = await until('the autoscaler is at 14', async () => (await replicasOf(scene, name)) === 14)
  say(`the load rises: the autoscaler goes to 14 after ${up} s`, true)
  const above = await watch(scene, name, Math.ceil(watchSeconds / 3), again)
  say(`and is left there: asked for ${above.levels.join()}, ${above.writes} changes`, above.writes === 0)
  cores = 0.15
  const down = await until(
    'the autoscaler is back at its floor',
    async () => (await replicasOf(scene, name)) === 10,
  )
  const floor = await watch(scene, name, Math.ceil(watchSeconds / 3), again)
  say(
    `the load falls: it is back at 10 after ${down} s, and stays (${floor.levels.join()})`,
    floor.writes === 0,
  )

  const back = await scene.deliver(await scene.rollBack(raise))
  say(`the floor is taken back: ${back.view.state} after ${back.seconds} s`, back.view.state === 'verified')
  const free = await until(
    'the autoscaler follows the load',
    async () => (await replicasOf(scene, name)) === 4,
  )
  say(`the autoscaler follows the load down to 4 after ${free} s`, true)

  await cluster.change(`${deployment}/scale`, { spec: { replicas: 0 } }, 'admin')
  const off = await until('its floor is refused at no replicas', async () => {
    const seen = await scene.look('cloud')
    return seen.kind === 'seen' && seen.observation.ownership.verdict === 'refused'
  })
  say(`at no replicas the autoscaler is switched off: its floor is refused after ${off} s`, true)
  const [ours, others] = [
    await cluster.writes(hpa, 'infrasage'),
    await cluster.writes(deployment, 'infrasage'),
  ]
  say(
    `writes of ours: ${ours} to the autoscaler by 2 decisions, ${others} to the Deployment by 2`,
    ours === 2 && others === 0,
  )
  await load.stop()
}

/** Every kind of workload goes up or stands still, verified by pods, and is taken back. */
async function workloads(open: Open): Promise<void> {
  const scene = await open()
  const { cluster, name } = scene
  const cases = [
    { kind: 'Deployment', pool: 'cloud', from: 6, to: 10, action: 'scale' },
    { kind: 'StatefulSet', pool: 'owned', from: 4, to: 8, action: 'scale' },
    { kind: 'Job', pool: 'job', from: 1, to: 0, action: 'suspend' },
    { kind: 'CronJob', pool: 'job', from: 1, to: 0, action: 'suspend' },
  ] as const
  for (const { kind, pool, from } of cases) {
    const object = `${name}-${kind.toLowerCase()}`
    await create(cluster, kind, object, from)
    if (kind !== 'CronJob') await until(`${object} is ready`, async () => (await scene.pods(object)) === from)
    await scene.map(pool, refOf(kind, object))
  }
  for (const { kind, pool, from, to, action } of cases) {
    const object = `${name}-${kind.toLowerCase()}`
    await scene.map(pool, refOf(kind, object))
    const id = await scene.approve([{ pool, to, kind: action }])
    const there = await scene.deliver(id)
    const pods = await scene.pods(object)
    const right = kind === 'CronJob' || pods === to
    say(
      `${kind} ${from} → ${to}: ${there.view.state} after ${there.seconds} s with ${pods} ready pods; said: ${there.notes.join(' ') || 'nothing'}`,
      there.view.state === 'verified' && right,
    )
    const back = await scene.deliver(await scene.rollBack(id))
    const after = await scene.pods(object)
    say(
      `${kind} back to ${from}: ${back.view.state} after ${back.seconds} s with ${after} ready pods; ${await cluster.writes(pathOf[kind](object), 'infrasage')} writes for 2 decisions`,
      back.view.state === 'verified' &&
        (kind === 'CronJob' || after === from) &&
        (await cluster.writes(pathOf[kind](object), 'infrasage')) === 2,
    )
  }
}

/** Others that write the same number in their own rhythm: GitOps every 5 s by server-side apply, an autoscaler of somebody's own every 15 s. */
async function besideOthers(open: Open, gitOps: string): Promise<void> {
  const scene = await open()
  const { cluster, name } = scene
  await create(cluster, 'Deployment', name, 6)
  await until('six pods are ready', async () => (await scene.pods(name)) === 6)
  await scene.map('cloud', refOf('Deployment', name))
  const decision = await scene.approve([{ pool: 'cloud', to: 10 }])
  const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: { replicas: 6 } }
  const revert = everyTick(5_000, () => cluster.applyAs(gitOps, pathOf.Deployment(name), manifest))
  const script = everyTick(15_000, () =>
    cluster.change(`${pathOf.Deployment(name)}/scale`, { spec: { replicas: 6 } }, 'a-script-of-ours'),
  )
  const { view, seconds } = await scene.deliver(decision)
  const after = await watch(scene, name, Math.ceil(watchSeconds / 2), () => scene.deliver(decision, 0))
  const second = await scene.approve([{ pool: 'cloud', to: 10 }]).catch((error: Error) => error.message)
  const refused = /not ours to write/.test(second)
  if (!refused) await scene.deliver(second)
  await revert.stop()
  await script.stop()
  const writes = await cluster.writes(pathOf.Deployment(name), 'infrasage')
  const decisions = refused ? 1 : 2
  say(
    `beside ${gitOps}: ${view.state} after ${seconds} s (${view.note}); then asked for ${after.levels.join()}; another approval: ${refused ? second : 'taken'}; ${writes} writes of ours for ${decisions} decisions`,
    writes <= decisions && after.levels.at(-1) === 6,
  )
}

async function check(db: Db): Promise<void> {
  await withCluster(async (server) => {
    const cluster = await realCluster(server, [podMetricsDefinition])
    const { core, close } = await startControllers(server, readyAfterMs)
    const open: Open = () => createLiveScene(db, cluster, core, server.adminKubeconfig)
    try {
      await workloads(open)
      await besideOthers(open, 'argocd-controller')
      await besideOthers(open, 'somebodys-kubectl')
      await besideAutoscaler(open, core)
    } finally {
      await close()
    }
  })
}

const missing = missingControllers()
if (missing.length > 0) {
  process.stderr.write(`Skipped: KUBEBUILDER_ASSETS names no folder with ${missing.join(' and ')}.\n`)
} else {
  process.env.INFRASAGE_ENCRYPTION_KEY ??= 'a'.repeat(64)
  await withThrowawayDatabase(async (appUrl) => {
    const db = createDb(appUrl, 6)
    await check(db)
    await db.$disconnect()
  }, false)
  process.exitCode = wrong > 0 ? 1 : 0
}
