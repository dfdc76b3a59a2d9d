import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/log.ts'
import type { Scene } from './contract.ts'
import { routesOf } from './http/routes.ts'
import { listen } from './http/server.ts'
import { Outbox } from './outbox.ts'
import { openStateFiles, type StateFiles } from './state-files.ts'
import { firstState, World } from './world.ts'

export type Sandbox = { world: World; files: StateFiles; url: string; close(): void }

/**
 * Opens the simulated cloud of a folder, anew or as it was left, and serves its API on 127.0.0.1. It measures and sends
 * nothing by itself. One process at a time may have it open.
 */
export async function openSandbox(options: {
  scene: Scene
  folder: string
  port: number
  token: string
  clock: Clock
  log: Logger
}): Promise<Sandbox> {
  const { scene, folder, port, token, clock, log } = options
  const files = openStateFiles(folder)
  const now = () => clock.now().getTime()
  const world = new World({
    scene,
    state: files.readState() ?? firstState(scene, now()),
    plays: files.readPlays(),
    clock,
    makeOutbox: (services) => new Outbox(services),
  })
  files.writeState(world.state)
  const listening = await listen(routesOf(world, files, now), { port, token, log })
  return {
    world,
    files,
    url: `http://127.0.0.1:${listening.port}`,
    close: () => {
      listening.server.close()
      listening.server.closeAllConnections()
    },
  }
}
