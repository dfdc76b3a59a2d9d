import path from 'node:path'
import { privateDir, readPrivateJson, writePrivateJson } from '../kernel/private-file.ts'
import { type PlaysState, playsState, type WorldState, worldState } from './world-state.ts'

/** What the simulated cloud remembers over a restart, in files of its own below the data folder. */
export type StateFiles = {
  readState(): WorldState | null
  writeState(state: WorldState): void
  readPlays(): PlaysState
  writePlays(plays: PlaysState): void
}

const mend = 'Remove it to start the sandbox anew.'

/** Opens the folder, made when absent. One process at a time may use it. */
export function openStateFiles(folder: string): StateFiles {
  const dir = privateDir(folder)
  const state = path.join(dir, 'world.json')
  const plays = path.join(dir, 'plays.json')
  return {
    readState: () => readPrivateJson(state, worldState, mend),
    writeState: (value) => writePrivateJson(state, value),
    readPlays: () => readPrivateJson(plays, playsState, mend) ?? {},
    writePlays: (value) => writePrivateJson(plays, value),
  }
}
