import { z } from 'zod'
import { forecastAtInput } from '../../forecast/contract.ts'
import { forecastAt } from '../../forecast/index.ts'
import { adviceInput, controllerStateQuery } from '../../plan/contract.ts'
import { controllerStates, getAdvice } from '../../plan/index.ts'
import { signalWindow, workloadInput, workloadUpdate } from '../../telemetry/contract.ts'
import {
  createWorkload,
  getWorkload,
  listWorkloads,
  readSignal,
  updateWorkload,
} from '../../telemetry/index.ts'
import { markerWindow } from '../contract.ts'
import { readMarkers } from '../markers.ts'
import { procedure, router } from '../trpc.ts'

export const workloadRouter = router({
  list: procedure('telemetry.read').query(({ ctx }) => listWorkloads({ ctx })),
  get: procedure('telemetry.read')
    .input(z.union([z.object({ id: z.uuid() }), z.object({ name: z.string() })]))
    .query(({ ctx, input }) => getWorkload({ ctx, input })),
  signal: procedure('telemetry.read')
    .input(signalWindow)
    .query(({ ctx, input }) => readSignal({ ctx, input })),
  forecast: procedure('forecast.read')
    .input(forecastAtInput)
    .query(({ ctx, input }) => forecastAt({ ctx, input })),
  advice: procedure('catalog.read')
    .input(adviceInput)
    .query(({ ctx, input }) => getAdvice({ ctx, input })),
  control: procedure('forecast.read')
    .input(controllerStateQuery)
    .query(({ ctx, input }) => controllerStates({ ctx, input })),
  markers: procedure('decision.read')
    .input(markerWindow)
    .query(({ ctx, input }) => readMarkers({ ctx, input })),
  create: procedure('workload.manage')
    .input(workloadInput)
    .mutation(({ ctx, input }) => createWorkload({ ctx, input })),
  update: procedure('workload.manage')
    .input(workloadUpdate)
    .mutation(({ ctx, input }) => updateWorkload({ ctx, input })),
})
