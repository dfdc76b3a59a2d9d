import { z } from 'zod'
import type { ForecastSnapshot } from '../../forecast/contract.ts'
import { type SignalPoint, signalWindow, type WorkloadView, workloadInput } from '../../telemetry/contract.ts'
import { forecastQuery, type Marker, markerWindow } from '../contract.ts'
import { pending } from '../pending.ts'
import { procedure, router } from '../trpc.ts'

export const workloadRouter = router({
  list: procedure('telemetry.read').query(({ ctx }) => pending<WorkloadView[]>({ ctx })),
  get: procedure('telemetry.read')
    .input(z.union([z.object({ id: z.uuid() }), z.object({ name: z.string() })]))
    .query(({ ctx, input }) => pending<WorkloadView>({ ctx, input })),
  signal: procedure('telemetry.read')
    .input(signalWindow)
    .query(({ ctx, input }) =>
      pending<{ unit: string; stepSeconds: number; points: SignalPoint[] }>({ ctx, input }),
    ),
  forecast: procedure('forecast.read')
    .input(forecastQuery)
    .query(({ ctx, input }) =>
      pending<{ forecastId: string; issuedAt: string; snapshot: ForecastSnapshot } | null>({ ctx, input }),
    ),
  markers: procedure('decision.read')
    .input(markerWindow)
    .query(({ ctx, input }) => pending<Marker[]>({ ctx, input })),
  create: procedure('workload.manage')
    .input(workloadInput)
    .mutation(({ ctx, input }) => pending<WorkloadView>({ ctx, input })),
  update: procedure('workload.manage')
    .input(workloadInput.partial().extend({ id: z.uuid() }))
    .mutation(({ ctx, input }) => pending<WorkloadView>({ ctx, input })),
})
