import {
  cancelEventInput,
  eventInput,
  eventQuery,
  eventUpdate,
  ofForecasterInput,
  reproduceInput,
  reviewInput,
  setForecasterInput,
} from '../../forecast/contract.ts'
import {
  cancelEvent,
  createEvent,
  getForecaster,
  listEvents,
  removeForecaster,
  reproduceForecast,
  reviewForecast,
  setForecaster,
  testForecaster,
  updateEvent,
} from '../../forecast/index.ts'
import { procedure, router } from '../trpc.ts'

export const forecastRouter = router({
  review: procedure('forecast.read')
    .input(reviewInput)
    .query(({ ctx, input }) => reviewForecast({ ctx, input })),
  reproduce: procedure('forecast.read')
    .input(reproduceInput)
    .query(({ ctx, input }) => reproduceForecast({ ctx, input })),
})

export const eventRouter = router({
  list: procedure('forecast.read')
    .input(eventQuery)
    .query(({ ctx, input }) => listEvents({ ctx, input })),
  create: procedure('event.manage')
    .input(eventInput)
    .mutation(({ ctx, input }) => createEvent({ ctx, input })),
  update: procedure('event.manage')
    .input(eventUpdate)
    .mutation(({ ctx, input }) => updateEvent({ ctx, input })),
  cancel: procedure('event.manage')
    .input(cancelEventInput)
    .mutation(({ ctx, input }) => cancelEvent({ ctx, input })),
})

/** A team's own forecaster; a trial calls an address, so only those may ask for one who may set the address. */
export const forecasterRouter = router({
  get: procedure('forecast.read')
    .input(ofForecasterInput)
    .query(({ ctx, input }) => getForecaster({ ctx, input })),
  set: procedure('forecaster.manage')
    .input(setForecasterInput)
    .mutation(({ ctx, input }) => setForecaster({ ctx, input })),
  remove: procedure('forecaster.manage')
    .input(ofForecasterInput)
    .mutation(({ ctx, input }) => removeForecaster({ ctx, input })),
  test: procedure('forecaster.manage')
    .input(ofForecasterInput)
    .mutation(({ ctx, input }) => testForecaster({ ctx, input })),
})
