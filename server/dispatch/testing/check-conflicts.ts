import { verifyLog } from '../../audit/index.ts'
import { approve } from '../../governance/index.ts'
import { seenOf } from '../../governance/testing/scene.ts'
import { createDb, type Db } from '../../kernel/db.ts'
import { seededRandom } from '../../kernel/rng.ts'
import { testContext } from '../../runtime/testing/context.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import { runDispatch } from '../index.ts'
import { connectCluster, createDeploymentScene, deploymentsOf } from './deployments.ts'
import { withCluster } from './with-cluster.ts'

/**
 * Scales of one Deployment that conflict, delivered ten times each and by many workers at once, the old ones again and again:
 * `npm run check:conflicts -- [decisions] [workers]`. Each decision is approved on what the one before it left.
 */

const decisions = Number(process.argv[2] ?? 200)
const workers = Number(process.argv[3] ?? 50)
const deliveries = 10
const random = seededRandom(20_261_122)

async function conflict(db: Db, adminKubeconfig: string): Promise<void> {
  const deployments = await deploymentsOf(adminKubeconfig)
  const scene = await createDeploymentScene(db, deployments, await connectCluster(db, adminKubeconfig))
  const all: string[] = []
  let level = 6
  let stale = 0
  for (let i = 0; i < decisions; i++) {
    await deployments.markReady(scene.name)
    await scene.see()
    // Telemetry stays fresh: falls are among them.
    await db.forecast.update({ where: { id: scene.forecastId }, data: { origin: scene.clock.now() } })
    // Never the level that stands, within the steps that the policy allows.
    level = level <= 10 ? level + 1 + Math.floor(random() * 5) : level - 1 - Math.floor(random() * 5)
    const { id } = await approve({ ctx: scene.operator, input: seenOf(await scene.propose(level)) })
    scene.afterHold()
    all.push(id)
    const old = Array.from({ length: workers }, () => all[Math.floor(random() * all.length)] ?? id)
    const queue = [...Array.from({ length: deliveries }, () => id), ...old].toSorted(() => random() - 0.5)
    await Promise.all(
      Array.from({ length: workers }, async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop())
          await runDispatch({ ctx: scene.system, input: { decisionId: next } })
      }),
    )
    if ((await deployments.asked(scene.name)).replicas !== level) stale++
  }
  const applied = await db.dispatch.count({ where: { appliedAt: { not: null } } })
  const { replicas, bumps } = await deployments.asked(scene.name)
  const report = await verifyLog({
    ctx: testContext({ db }),
    input: { publicKeys: [], checkpointFile: null },
  })
  process.stdout.write(
    `${decisions} decisions, ${workers} workers, each delivered at least ${deliveries} times: ${applied} applied, ${bumps} generation ` +
      `bumps, ${stale} times an older one stood. At the end ${replicas}, the last one asks for ${level}. ` +
      `The chain ${report.ok ? 'verifies' : 'IS BROKEN'}.\n`,
  )
  const right = applied === decisions && bumps === decisions && stale === 0 && replicas === level
  process.exitCode = right && report.ok ? 0 : 1
}

await withCluster(({ adminKubeconfig }) =>
  withThrowawayDatabase(async (appUrl) => {
    const db = createDb(appUrl, 12)
    await conflict(db, adminKubeconfig)
    await db.$disconnect()
  }, false),
)
