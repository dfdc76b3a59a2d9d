import { logStatus } from '../audit/index.ts'
import { deliveryState } from '../dispatch/index.ts'
import { countBases, countProposals, getSwitch, glassNotices } from '../governance/index.ts'
import type { Context } from '../kernel/context.ts'
import { workerLiveness } from '../kernel/worker-liveness.ts'
import { controllerStates } from '../plan/index.ts'
import { freshness, listWorkloads } from '../telemetry/index.ts'
import type { Status } from './contract.ts'

/** What people need to know before they trust the rest: telemetry, the log, dispatch, and whether it is a sandbox. */
export async function readStatus({ ctx }: { ctx: Context }): Promise<Status> {
  const [workloads, ages, log, worker, proposals, bases, reactive, dispatchSwitch, glass, delivery] =
    await Promise.all([
      listWorkloads({ ctx }),
      freshness({ ctx }),
      logStatus({ ctx }),
      workerLiveness(ctx.db),
      countProposals({ ctx }),
      countBases({ ctx }),
      controllerStates({ ctx, input: { control: 'reactive' } }),
      getSwitch({ ctx }),
      glassNotices({ ctx }),
      deliveryState({ ctx }),
    ])
  const newest = ages.flatMap(({ lastSampleAt }) => lastSampleAt ?? []).sort()
  return {
    at: ctx.clock.now().toISOString(),
    sandbox: workloads.some((workload) => workload.sandbox),
    waiting: proposals.waiting + bases.waiting,
    telemetry: {
      workloads: ages.length,
      stale: ages.filter((age) => age.stale).length,
      newestSampleAt: newest.at(-1) ?? null,
    },
    reactive,
    log,
    dispatch: { alive: worker.alive, lastSeenAt: worker.lastSeenAt?.toISOString() ?? null },
    switch: dispatchSwitch,
    glass,
    delivery,
  }
}
