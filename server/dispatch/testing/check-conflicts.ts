import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { verifyLog } from '../../audit/index.ts'
import { approve } from '../../governance/index.ts'
import { seenOf } from '../../governance/testing/scene.ts'
import { createDb, type Db } from '../../kernel/db.ts'
import { seededRandom } from '../../kernel/rng.ts'
import { testContext } from '../../runtime/testing/context.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import type { Deliveries } from './deliver-worker.ts'
import { connectCluster, createDeploymentScene, type DeploymentScene, deploymentsOf } from './deployments.ts'
import { withCluster } from './with-cluster.ts'

/**
 * Scales of one Deployment that conflict: five approvals at a time are bound to the same version of it and may be carried out in
 * the same window. All five are delivered ten times each, at once and among deliveries of older ones, by many workers in two
 * processes: `npm run check:conflicts -- [decisions] [workers]`. What the next five are approved on is what these left.
 */

const decisions = Number(process.argv[2] ?? 200)
const workers = Number(process.argv[3] ?? 50)
const together = 5
const deliveries = 10
const processes = 2
const random = seededRandom(20_261_122)

type Sent = { id: string; level: number }

/** Levels that a round asks for, oldest first: governance holds back what asks for no more than an approval that stands. */
function levelsFrom(level: number): number[] {
  const rises = [1, 2, 3, 4].map((step) => level + step)
  const fall = level - (4 + Math.floor(random() * 2))
  return level <= 7 ? [level - 1, ...rises] : [...rises, fall]
}

async function approveTogether(scene: DeploymentScene, levels: number[]): Promise<Sent[]> {
  await scene.see()
  await scene.freshForecast()
  const begin = scene.clock.now().getTime() + 60_000
  const window = {
    notBefore: new Date(begin).toISOString(),
    notAfter: new Date(begin + 300_000).toISOString(),
  }
  const sent: Sent[] = []
  for (const level of levels) {
    const seen = seenOf(await scene.propose(level))
    sent.push({ level, id: (await approve({ ctx: scene.operator, input: { ...seen, window } })).id })
  }
  scene.clock.set(new Date(begin + 1_000))
  return sent
}

function mixed(fresh: Sent[], all: Sent[]): string[] {
  const due = fresh.flatMap(({ id }) => Array.from({ length: deliveries }, () => id))
  const old = Array.from({ length: workers }, () => all[Math.floor(random() * all.length)]?.id ?? [])
  return [...due, ...old.flat()]
    .map((id) => ({ id, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ id }) => id)
}

async function deliver(children: ChildProcess[], ids: string[], nowMs: number): Promise<void> {
  const each = children.map(async (child, index) => {
    const done = once(child, 'message')
    const decisionIds = ids.filter((_, at) => at % children.length === index)
    child.send({ decisionIds, nowMs } satisfies Deliveries)
    const [wrong] = await done
    if (wrong !== null) throw new Error(String(wrong))
  })
  await Promise.all(each)
}

/** What the log says of each: the newest of its round was applied once and the others were void once. */
async function saidRight(db: Db, { id }: Sent, won: boolean): Promise<boolean> {
  const said = await db.auditEntry.findMany({ where: { subject: `decision/${id}` } })
  const times = (action: string) => said.filter((entry) => entry.action === action).length
  const { receipts, state } = await db.dispatch.findUniqueOrThrow({
    where: { decisionId: id },
    include: { receipts: { where: { step: 'apply', outcome: 'sent' } } },
  })
  if (!won) return state === 'void' && times('dispatch.void') === 1 && receipts.length === 0
  return times('dispatch.applied') === 1 && receipts.length === 1
}

async function conflict(db: Db, adminKubeconfig: string, children: ChildProcess[]): Promise<void> {
  const deployments = await deploymentsOf(adminKubeconfig)
  const scene = await createDeploymentScene(db, deployments, await connectCluster(db, adminKubeconfig))
  const watch = await deployments.levels(scene.name)
  const all: Sent[] = []
  const winners: Sent[] = []
  let level = 6
  let stale = 0
  let delivered = 0
  while (all.length < decisions) {
    await deployments.markReady(scene.name)
    const fresh = await approveTogether(scene, levelsFrom(level))
    const [newest] = fresh.slice(-1)
    if (newest === undefined) break
    all.push(...fresh)
    winners.push(newest)
    level = newest.level
    const ids = mixed(fresh, all)
    delivered += ids.length
    await deliver(children, ids, scene.clock.now().getTime())
    scene.clock.advance(120_000)
    if ((await deployments.asked(scene.name)).replicas !== level) stale++
  }
  watch.stop()
  let wrong = 0
  for (const one of all) if (!(await saidRight(db, one, winners.includes(one)))) wrong++
  const { replicas, bumps } = await deployments.asked(scene.name)
  const inOrder = watch.seen.join() === winners.map((one) => one.level).join()
  const report = await verifyLog({
    ctx: testContext({ db }),
    input: { publicKeys: [], checkpointFile: null },
  })
  process.stdout.write(
    `${all.length} decisions, ${together} at a time on the same version, ${workers} workers in ${processes} processes, ${delivered} ` +
      `deliveries, each decision at least ${deliveries} times.\nWrites that a watch of the Deployment saw: ${watch.seen.length}, ` +
      `generation bumps ${bumps}, ${inOrder ? 'each of a newer decision than the one before' : 'NOT IN THE ORDER OF THE DECISIONS'}. ` +
      `Rounds after which an older one stood: ${stale}. Decisions with another than their one effect: ${wrong}. ` +
      `At the end ${replicas}; the newest decision asks for ${level}. The chain ${report.ok ? 'verifies' : 'IS BROKEN'}.\n`,
  )
  const right = bumps === winners.length && inOrder && stale + wrong === 0 && replicas === level
  process.exitCode = right && report.ok ? 0 : 1
}

await withCluster(({ adminKubeconfig }) =>
  withThrowawayDatabase(async (appUrl) => {
    const db = createDb(appUrl, 4)
    const lanes = String(Math.ceil(workers / processes))
    const children = Array.from({ length: processes }, () =>
      fork(path.join(import.meta.dirname, 'deliver-worker.ts'), [appUrl, lanes]),
    )
    try {
      await Promise.all(children.map((child) => once(child, 'message')))
      await conflict(db, adminKubeconfig, children)
    } finally {
      for (const child of children) child.kill('SIGKILL')
      await db.$disconnect()
    }
  }, false),
)
