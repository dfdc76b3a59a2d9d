import { rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { Clock } from '../kernel/clock.ts'
import { ConflictError, NotFoundError } from '../kernel/errors.ts'
import { privateDir, readPrivateJson, writePrivateJson } from '../kernel/private-file.ts'
import type { Scene, SceneList } from './contract.ts'
import { Outbox } from './outbox.ts'
import { type Script, sceneOf } from './scenes/script.ts'
import { openStateFiles, type StateFiles } from './state-files.ts'
import { firstState, World } from './world.ts'

/** A simulated cloud that is open, and what remembers it. */
export type Cloud = { world: World; files: StateFiles }

const playingFile = z.object({ run: z.number().int().positive(), running: z.boolean() })
type Playing = Cloud & z.infer<typeof playingFile>

/** Opens the cloud of a folder, anew or as it was left. */
export function openCloud(scene: Scene, folder: string, clock: Clock): Cloud {
  const files = openStateFiles(folder)
  const world = new World({
    scene,
    state: files.readState() ?? firstState(scene, clock.now().getTime()),
    plays: files.readPlays(),
    clock,
    makeOutbox: (services) => new Outbox(services),
  })
  files.writeState(world.state)
  return { world, files }
}

/**
 * Everything that is simulated: the cloud that is always there, and one for each scene that a person has started. Which
 * those are is on disk, so that a restart goes on with them.
 */
export class Stage {
  readonly base: Cloud
  readonly #folder: string
  readonly #clock: Clock
  readonly #scripts: ReadonlyMap<string, Script>
  readonly #playing = new Map<string, Playing>()
  /** Called with each cloud that is to send from now on, and with each that is to be silent. */
  #onRun: (name: string, cloud: Cloud) => void = () => undefined
  #onStop: (name: string) => void = () => undefined

  constructor(parts: { base: Cloud; folder: string; clock: Clock; scripts: readonly Script[] }) {
    this.base = parts.base
    this.#folder = parts.folder
    this.#clock = parts.clock
    this.#scripts = new Map(parts.scripts.map((script) => [script.name, script]))
    for (const name of this.#scripts.keys()) this.#reopen(name)
  }

  /** Begins to send what runs now and what is run later. */
  onChange(onRun: (name: string, cloud: Cloud) => void, onStop: (name: string) => void): void {
    this.#onRun = onRun
    this.#onStop = onStop
    for (const [name, playing] of this.#playing) if (playing.running) onRun(name, playing)
  }

  /** The cloud that has a target or a workload; the base where nothing does, which then says so. */
  cloudOf(targetOrWorkload: string): Cloud {
    const knows = ({ world }: Cloud) =>
      world.services.some(
        ({ name, places }) =>
          name === targetOrWorkload || places.some(({ target }) => target === targetOrWorkload),
      )
    return [...this.#playing.values()].find(knows) ?? this.base
  }

  clouds(): Cloud[] {
    return [this.base, ...this.#playing.values()]
  }

  list(): SceneList {
    return [...this.#scripts.values()].map(({ scene: _, ...story }) => {
      const playing = this.#playing.get(story.name)
      const state = playing?.running ? ('running' as const) : ('prepared' as const)
      return { ...story, playing: playing ? { run: playing.run, state } : null }
    })
  }

  /** Opens a run of a scene: its targets answer, nothing is sent. The same run again changes nothing. */
  prepare(name: string, run: number): Scene {
    const script = this.#scriptOf(name)
    const playing = this.#playing.get(name)
    if (playing?.run === run) return playing.world.scene
    if (playing) throw new ConflictError(`Run ${playing.run} of "${name}" is being played. Stop it first.`)
    const scene = sceneOf(script, run)
    const folder = privateDir(this.#folderOf(name))
    this.#keep(name, { ...openCloud(scene, path.join(folder, 'cloud'), this.#clock), run, running: false })
    return scene
  }

  /** Lets a prepared run send its past and its present. */
  run(name: string, run: number): void {
    const playing = this.#playing.get(name)
    if (playing?.run !== run) throw new NotFoundError('prepared run of the scene', `${name} ${run}`)
    if (playing.running) return
    const running = { ...playing, running: true }
    this.#keep(name, running)
    running.world.recallPast()
    running.files.writeState(running.world.state)
    this.#onRun(name, running)
  }

  /** Ends a run and forgets its cloud. What does not play is left as it is. */
  stop(name: string, run: number): void {
    this.#scriptOf(name)
    if (this.#playing.get(name)?.run !== run) return
    this.#onStop(name)
    this.#playing.delete(name)
    rmSync(this.#folderOf(name), { recursive: true, force: true })
  }

  #reopen(name: string): void {
    const known = readPrivateJson(this.#fileOf(name), playingFile, 'Remove it to forget the scene.')
    if (!known) return
    const cloud = openCloud(
      sceneOf(this.#scriptOf(name), known.run),
      path.join(this.#folderOf(name), 'cloud'),
      this.#clock,
    )
    this.#playing.set(name, { ...cloud, ...known })
    if (known.running) cloud.world.recallPast()
  }

  #keep(name: string, playing: Playing): void {
    this.#playing.set(name, playing)
    const { run, running } = playing
    writePrivateJson(this.#fileOf(name), { run, running } satisfies z.infer<typeof playingFile>)
  }

  #scriptOf(name: string): Script {
    const script = this.#scripts.get(name)
    if (!script) throw new NotFoundError('scene', name)
    return script
  }

  #folderOf(name: string): string {
    return path.join(this.#folder, 'scenes', name)
  }

  #fileOf(name: string): string {
    return path.join(this.#folderOf(name), 'playing.json')
  }
}
