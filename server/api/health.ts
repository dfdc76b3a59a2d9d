import { webHost } from './host.ts'

const nobody = '00000000-0000-4000-8000-000000000000'

type Check = { name: string; ok: boolean; problem: string | null }

/** The process answers. */
export function live(): Response {
  return Response.json({ status: 'live' }, { headers: { 'Cache-Control': 'no-store' } })
}

/** The process can serve: database, migrations and queue, each named with what is wrong. 200, or 503. */
export async function ready(): Promise<Response> {
  const checks = [
    await check('database', async () => {
      await (await webHost()).db.$queryRaw`SELECT 1`
    }),
    await check('migrations', async () => {
      // Asks for every column that this version knows, of no row: fails where a migration is missing.
      const { db } = await webHost()
      const where = { id: nobody }
      await Promise.all([
        db.user.findFirst({ where }),
        db.workload.findFirst({ where }),
        db.workloadPolicy.findFirst({ where }),
        db.proposal.findFirst({ where }),
        db.decision.findFirst({ where }),
        db.dispatch.findFirst({ where }),
      ])
    }),
    await check('queue', async () => {
      const { queue } = await webHost()
      if ((await queue.boss.getQueues()).length === 0) throw new Error('no queue is declared')
    }),
  ]
  const isReady = checks.every((each) => each.ok)
  return Response.json(
    { status: isReady ? 'ready' : 'not-ready', checks },
    { status: isReady ? 200 : 503, headers: { 'Cache-Control': 'no-store' } },
  )
}

async function check(name: string, work: () => Promise<void>): Promise<Check> {
  try {
    await work()
    return { name, ok: true, problem: null }
  } catch {
    return { name, ok: false, problem: `${name} cannot be used; the server's log says why` }
  }
}
