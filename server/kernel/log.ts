import { type Logger, pino } from 'pino'

export type { Logger }

/** Structured log lines on standard error; `LOG_LEVEL` chooses how many. */
export function createLogger(component: string): Logger {
  return pino(
    {
      level: process.env.LOG_LEVEL ?? 'info',
      base: { component },
      redact: ['password', '*.password', 'authorization', '*.authorization', 'key', '*.key'],
    },
    pino.destination(2),
  )
}
