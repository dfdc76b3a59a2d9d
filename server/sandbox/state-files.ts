import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { z } from 'zod'
import { type PlaysState, playsState, type WorldState, worldState } from './world-state.ts'

/** What the simulated cloud remembers over a restart, in files of its own below the data folder. */
export type StateFiles = {
  readState(): WorldState | null
  writeState(state: WorldState): void
  readPlays(): PlaysState
  writePlays(plays: PlaysState): void
}

/** A reader, even after a kill at any moment, finds the old file or the new one, never half of it. */
function replaceFile(file: string, value: unknown): void {
  const temporary = `${file}.new`
  writeFileSync(temporary, JSON.stringify(value), { mode: 0o600, flush: true })
  renameSync(temporary, file)
}

function read<T>(file: string, schema: z.ZodType<T>): T | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  const parsed = schema.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  throw new Error(`${file} is not what the sandbox wrote; remove it to start the sandbox anew.`, {
    cause: parsed.error,
  })
}

/** Opens the folder, made when absent. One process at a time may use it. */
export function openStateFiles(folder: string): StateFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const state = path.join(folder, 'world.json')
  const plays = path.join(folder, 'plays.json')
  return {
    readState: () => read(state, worldState),
    writeState: (value) => replaceFile(state, value),
    readPlays: () => read(plays, playsState) ?? {},
    writePlays: (value) => replaceFile(plays, value),
  }
}
