import { rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { readPrivateJson, writePrivateJson } from '../kernel/private-file.ts'

const runShape = z.object({
  pid: z.number().int(),
  address: z.string(),
  startedAt: z.string(),
  /** Process ids by name; a process that is being restarted is absent. */
  processes: z.record(z.string(), z.number().int()),
})

/** What runs in a data folder at the moment. */
export type Run = z.infer<typeof runShape>

const runFile = (dataDir: string) => path.join(dataDir, 'run.json')

/** The run that was last written down; whether it still lives is for `lockHolder` to say. */
export function readRun(dataDir: string): Run | null {
  return readPrivateJson(runFile(dataDir), runShape)
}

export function writeRun(dataDir: string, run: Run): void {
  writePrivateJson(runFile(dataDir), run)
}

export function removeRun(dataDir: string): void {
  rmSync(runFile(dataDir), { force: true })
}
