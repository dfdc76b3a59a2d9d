import { createDb } from '../../kernel/db.ts'
import { withThrowawayDatabase } from '../../runtime/testing/throwaway-database.ts'
import { deploymentsOf } from './deployments.ts'
import { faultCases, tryFault } from './fault-cases.ts'
import { startFaultProxy } from './fault-proxy.ts'
import { withCluster } from './with-cluster.ts'

/** Every answer that is not a plain yes, between the product and the real API server: `npm run check:faults -- [rounds]`. */

const rounds = Number(process.argv[2] ?? 5)

await withCluster(async ({ adminKubeconfig }) => {
  await withThrowawayDatabase(async (appUrl) => {
    const db = createDb(appUrl, 6)
    const deployments = await deploymentsOf(adminKubeconfig)
    const proxy = await startFaultProxy(adminKubeconfig)
    process.stdout.write('| what goes wrong | tried | right state, one effect |\n| --- | --- | --- |\n')
    for (const one of faultCases) {
      const tries = one.slow ? Math.min(rounds, 2) : rounds
      const wrong: string[] = []
      for (let i = 0; i < tries; i++) wrong.push(...(await tryFault(db, deployments, proxy, one)))
      process.stdout.write(
        `| ${one.name} | ${tries} | ${wrong.length === 0 ? 'every time' : wrong.join('; ')} |\n`,
      )
      if (wrong.length > 0) process.exitCode = 1
    }
    await proxy.close()
    await db.$disconnect()
  }, false)
})
