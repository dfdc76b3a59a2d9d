import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import type { Scene } from './contract.ts'
import { routesOf } from './http/routes.ts'
import { listen } from './http/server.ts'
import { scripts as allScripts } from './scenes/index.ts'
import type { Script } from './scenes/script.ts'
import { type Cloud, openCloud, Stage } from './stage.ts'

export type Sandbox = Cloud & { stage: Stage; url: string; close(): void }

/**
 * Opens the simulated cloud of a folder, anew or as it was left, with the scenes that are being played, and serves its API
 * on 127.0.0.1. It measures and sends nothing by itself. One process at a time may have it open.
 */
export async function openSandbox(options: {
  scene: Scene
  scripts?: readonly Script[]
  folder: string
  port: number
  token: string
  clock: Clock
  log: Logger
}): Promise<Sandbox> {
  const { scene, scripts = allScripts, folder, port, token, clock, log } = options
  const base = openCloud(scene, folder, clock)
  const stage = new Stage({ base, folder, clock, scripts })
  const listening = await listen(
    routesOf(stage, () => clock.now().getTime()),
    { port, token, log },
  )
  return {
    ...base,
    stage,
    url: `http://127.0.0.1:${listening.port}`,
    close: () => {
      listening.server.close()
      listening.server.closeAllConnections()
    },
  }
}
