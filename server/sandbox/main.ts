import path from 'node:path'
import { z } from 'zod'
import { exitWithParent, reportReady } from '../kernel/child.ts'
import { systemClock } from '../kernel/clock.ts'
import { createLogger } from '../kernel/log.ts'
import { emit } from './emitter.ts'
import { openSandbox } from './open-sandbox.ts'
import { readScene } from './read-scene.ts'
import { defaultScene } from './scene.ts'
import type { Cloud } from './stage.ts'

const environment = z.object({
  INFRASAGE_SANDBOX_URL: z.url(),
  INFRASAGE_SANDBOX_TOKEN: z.string().min(16),
  INFRASAGE_SANDBOX_INTAKE_URL: z.url(),
  INFRASAGE_SANDBOX_API_KEY: z.string().min(1),
  INFRASAGE_DATA_DIR: z.string().default('.infrasage'),
  /** A scene of one's own, as JSON. */
  INFRASAGE_SANDBOX_SCENE: z.string().min(1).optional(),
})

const log = createLogger('sandbox')
const startedAt = performance.now()
const parsed = environment.safeParse(process.env)
if (!parsed.success) {
  process.stderr.write(`The environment is not complete:\n${z.prettifyError(parsed.error)}\n`)
  process.exit(1)
}
const env = parsed.data
const scene = env.INFRASAGE_SANDBOX_SCENE ? readScene(env.INFRASAGE_SANDBOX_SCENE) : defaultScene
const { stage, close } = await openSandbox({
  scene,
  folder: path.join(env.INFRASAGE_DATA_DIR, 'sandbox'),
  port: Number(new URL(env.INFRASAGE_SANDBOX_URL).port),
  token: env.INFRASAGE_SANDBOX_TOKEN,
  clock: systemClock,
  log,
})
reportReady()
stage.base.world.recallPast()
stage.base.files.writeState(stage.base.world.state)

const intake = { url: env.INFRASAGE_SANDBOX_INTAKE_URL, apiKey: env.INFRASAGE_SANDBOX_API_KEY }
const sending = new Map<string, { ending: AbortController; ended: Promise<void> }>()

/** Lets a cloud send for as long as it plays. */
function send(name: string, { world, files }: Cloud): void {
  const ending = new AbortController()
  const onCaughtUp = () => {
    const seconds = (performance.now() - startedAt) / 1000
    log.info({ name, seconds }, 'the intake has everything that was measured so far')
  }
  const ended = emit({ world, files, log, intake, onCaughtUp }, ending.signal)
  sending.set(name, { ending, ended })
}

send('sandbox', stage.base)
stage.onChange(send, (name) => {
  sending.get(name)?.ending.abort()
  sending.delete(name)
})

exitWithParent(async () => {
  close()
  for (const { ending } of sending.values()) ending.abort()
  await Promise.all([...sending.values()].map(({ ended }) => ended))
})
