import { z } from 'zod'

/** One value for each hour of the day, UTC, the hour from 00:00 first; empty: the same at every hour. */
export const hourly = (value: z.ZodNumber) =>
  z
    .array(value)
    .refine((values) => values.length === 0 || values.length === 24, {
      message: 'give 24 values, one for each hour of the day in UTC, or none',
    })
    .default([])

/** Names of regions that users sit in, and a number for each. */
export const byUserRegion = (value: z.ZodNumber) =>
  z.record(z.string().min(1, 'give the region a name').max(63), value).default({})
