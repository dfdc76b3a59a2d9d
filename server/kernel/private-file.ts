import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { z } from 'zod'

/** Makes a folder that only its owner may enter. Returns its absolute path. */
export function privateDir(dir: string): string {
  const absolute = path.resolve(dir)
  mkdirSync(absolute, { recursive: true, mode: 0o700 })
  return absolute
}

/** Writes JSON that only the owner may read; a reader sees the old file or the new one, never half of it. */
export function writePrivateJson(file: string, value: unknown): void {
  const temporary = `${file}.${randomUUID()}`
  try {
    writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flush: true })
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Reads JSON of a known shape; null when the file is absent. A file of another shape is an error that names it and says `mend`. */
export function readPrivateJson<T>(
  file: string,
  schema: z.ZodType<T>,
  mend = 'Restore it from a backup.',
): T | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${file} is not what InfraSage wrote: ${reason}. ${mend}`)
  }
}
