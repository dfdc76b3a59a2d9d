import { sweepDispatches } from '../dispatch/index.ts'
import { judgeAlarms } from '../evaluation/index.ts'
import { dropOldForecasts } from '../forecast/index.ts'
import {
  decideByRule,
  expireBases,
  expireDue,
  keepAutonomy,
  keepLedger,
  wakeDue,
} from '../governance/index.ts'
import type { Context } from '../kernel/context.ts'
import { fitDueModel } from '../plan/index.ts'
import { dropOldSamples } from '../telemetry/index.ts'

/** What must happen though nobody asks: each part on its own, so that one failure does not stop the others. */
export async function housekeeping(ctx: Context): Promise<void> {
  const parts: Record<string, () => Promise<unknown>> = {
    'demote what does not earn its autonomy': () => keepAutonomy({ ctx }),
    'decide by rule': () => decideByRule({ ctx }),
    'expire proposals': () => expireDue({ ctx }),
    'bring back what was put off': () => wakeDue({ ctx }),
    'expire base models': () => expireBases({ ctx }),
    'keep the ledger of spend': () => keepLedger({ ctx }),
    'judge surges that were forecast': () => judgeAlarms({ ctx }),
    'sweep dispatches': () => sweepDispatches({ ctx }),
    'fit a capacity model': () => fitDueModel({ ctx }),
    'drop old forecasts': () => dropOldForecasts({ ctx }),
    'drop old samples': () => dropOldSamples({ ctx }),
  }
  for (const [name, part] of Object.entries(parts)) {
    try {
      await part()
    } catch (error) {
      ctx.log.error({ part: name, error }, 'housekeeping failed in one part')
    }
  }
}
