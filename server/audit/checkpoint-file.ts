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

/** What the file holds; `problem` names the first line that is not a checkpoint, and ends the reading. */
export type CheckpointFile = { checkpoints: AuditCheckpointView[]; problem: string | null }

/**
 * Every checkpoint of the file; none when there is no file. A last line that was cut short by a crash is left out: the
 * same checkpoint is in the database.
 */
export function readCheckpointFile(file: string): CheckpointFile {
  const lines = textOf(file).split('\n').slice(0, -1)
  const checkpoints: AuditCheckpointView[] = []
  for (const [i, line] of lines.entries()) {
    const checkpoint = parsed(line)
    if (!checkpoint) {
      return { checkpoints, problem: `${file}, line ${i + 1}, is not a checkpoint: it was altered` }
    }
    checkpoints.push(checkpoint)
  }
  return { checkpoints, problem: null }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

function parsed(line: string): AuditCheckpointView | null {
  try {
    return checkpointShape.parse(JSON.parse(line))
  } catch {
    return null
  }
}
