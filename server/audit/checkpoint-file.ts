import {
  appendFileSync,
  closeSync,
  createReadStream,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  truncateSync,
} from 'node:fs'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { Db } from '../kernel/db.ts'
import { sameCheckpoint } from './checkpoint-signature.ts'
import type { AuditCheckpointView } from './contract.ts'
import { storedCheckpoint } from './stored-log.ts'

const checkpointShape = z.strictObject({
  size: z.number().int().positive(),
  headHash: z.string(),
  rootHash: z.string().nullable().default(null),
  at: z.string(),
  keyId: z.string(),
  signature: z.string(),
})

const newline = 10
const chunk = 4_096

/** Appends one checkpoint to the file outside the database, and waits until it is on disk; drops half a line of a crash. */
export function appendToCheckpointFile(file: string, checkpoint: AuditCheckpointView): void {
  if (existsSync(file)) truncateSync(file, endOfWholeLines(file))
  appendFileSync(file, `${JSON.stringify(checkpoint)}\n`, { mode: 0o600, flush: true })
}

/** Where the last whole line ends; reads from the end, so that a long file takes no longer than a short one. */
function endOfWholeLines(file: string): number {
  const handle = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(chunk)
    for (let end = fstatSync(handle).size; end > 0; end -= chunk) {
      const start = Math.max(0, end - chunk)
      const length = readSync(handle, buffer, 0, end - start, start)
      const at = buffer.subarray(0, length).lastIndexOf(newline)
      if (at >= 0) return start + at + 1
    }
    return 0
  } finally {
    closeSync(handle)
  }
}

/** A checkpoint of the file, or the problem with a line that is none. */
export type FileLine = { checkpoint: AuditCheckpointView } | { problem: string }

/**
 * Every checkpoint of the file, line by line; none when there is no file. A last line that was cut short by a crash is left
 * out: the same checkpoint is in the database. The first line that is no checkpoint ends the reading.
 */
export async function* readCheckpointFile(file: string): AsyncGenerator<FileLine> {
  if (!existsSync(file)) return
  const whole = endOfWholeLines(file)
  if (whole === 0) return
  const stream = createReadStream(file, { encoding: 'utf8', end: whole - 1 })
  let number = 0
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    const checkpoint = parsed(line)
    if (!checkpoint) {
      yield { problem: `${file}, line ${number}, is not a checkpoint: it was altered` }
      return
    }
    yield { checkpoint }
  }
}

/** Lines of the file that the database does not hold just so, and those that are no checkpoints. */
export async function* onlyInFile(db: Db, file: string): AsyncGenerator<FileLine> {
  let batch: AuditCheckpointView[] = []
  for await (const line of readCheckpointFile(file)) {
    if ('problem' in line) {
      yield* await missingFrom(db, batch)
      yield line
      return
    }
    batch.push(line.checkpoint)
    if (batch.length < 1_000) continue
    yield* await missingFrom(db, batch)
    batch = []
  }
  yield* await missingFrom(db, batch)
}

async function missingFrom(db: Db, checkpoints: AuditCheckpointView[]): Promise<FileLine[]> {
  const sizes = checkpoints.map(({ size }) => BigInt(size))
  const rows = await db.auditCheckpoint.findMany({ where: { size: { in: sizes } } })
  const stored = new Map(rows.map((row) => [Number(row.size), storedCheckpoint(row)]))
  return checkpoints.flatMap((checkpoint) => {
    const kept = stored.get(checkpoint.size)
    return kept && sameCheckpoint(kept, checkpoint) ? [] : [{ checkpoint }]
  })
}

function parsed(line: string): AuditCheckpointView | null {
  try {
    return checkpointShape.parse(JSON.parse(line))
  } catch {
    return null
  }
}
