import { writeFileSync } from 'node:fs'

const beatEveryMs = 5_000

/**
 * Touches a file now and every five seconds, as long as this process takes turns: one that hangs stops. It says nothing of the
 * database, for whose sake nobody should end a worker.
 */
export function beat(file: string, everyMs = beatEveryMs): NodeJS.Timeout {
  const touch = () => writeFileSync(file, `${new Date().toISOString()}\n`)
  touch()
  return setInterval(touch, everyMs)
}
