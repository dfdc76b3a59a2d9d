import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'
import { z } from 'zod'
import type { AuditCheckpointView } from './contract.ts'

export const checkpointShape = z.strictObject({
  size: z.number().int().positive(),
  headHash: z.string(),
  at: z.string(),
  keyId: z.string(),
  signature: z.string(),
})

/** Appends one checkpoint to the file outside the database, and waits until it is on disk; drops half a line of a crash. */
export function appendToCheckpointFile(file: string, checkpoint: AuditCheckpointView): void {
  if (existsSync(file)) truncateSync(file, readFileSync(file).lastIndexOf(10) + 1)
  appendFileSync(file, `${JSON.stringify(checkpoint)}\n`, { mode: 0o600, flush: true })
}

/**
 * Every checkpoint of the file; none when there is no file. A last line that was cut short by a crash is left out:
 * the same checkpoint is in the database.
 * @throws Error that names the line which is not a checkpoint.
 */
export function readCheckpointFile(file: string): AuditCheckpointView[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .slice(0, -1)
    .map((line, i) => {
      try {
        return checkpointShape.parse(JSON.parse(line))
      } catch {
        throw new Error(`${file}, line ${i + 1}, is not a checkpoint: it was altered`)
      }
    })
}
