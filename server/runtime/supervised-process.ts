import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'

/** One process of the product: a script of ours that says `{ type: 'ready' }` over its channel. */
export type ProcessSpec = { name: string; script: string; args?: string[] }

export type ProcessEvent =
  | { name: string; kind: 'started'; pid: number }
  | { name: string; kind: 'ready' }
  | { name: string; kind: 'message'; message: unknown }
  | { name: string; kind: 'ended'; code: number | null; signal: NodeJS.Signals | null; restartInMs: number }

export type SupervisedProcess = {
  /** Resolves when the process first reported ready; rejects when it ended too often before. */
  ready: Promise<void>
  /** Ends the running process, so that a new one takes over with the present environment. */
  restart(): void
  /** SIGTERM, then SIGKILL after 3 s; resolves when it is gone and will not come back. */
  stop(): Promise<void>
}

export type SuperviseOptions = {
  env: () => NodeJS.ProcessEnv
  /** File descriptor for what it prints, or `inherit`. */
  output: number | 'inherit'
  onEvent: (event: ProcessEvent) => void
}

const firstBackoffMs = 250
const longestBackoffMs = 10_000
const healthyAfterMs = 30_000
const killAfterMs = 3_000
const attemptsBeforeReady = 5

const isReady = (message: unknown) =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready'

/** Starts a process and starts it again, ever later, whenever it ends. */
export function superviseProcess(spec: ProcessSpec, options: SuperviseOptions): SupervisedProcess {
  const { name } = spec
  const ready = Promise.withResolvers<void>()
  // Whoever awaits it sees the rejection; nobody has to.
  ready.promise.catch(() => undefined)
  let child: ChildProcess | undefined
  let gone: Promise<void> = Promise.resolve()
  let retry: NodeJS.Timeout | undefined
  let stopping = false
  let everReady = false
  let failures = 0

  const onExit = (startedAt: number, code: number | null, signal: NodeJS.Signals | null) => {
    child = undefined
    failures = performance.now() - startedAt > healthyAfterMs ? 1 : failures + 1
    if (stopping) return
    if (!everReady && failures >= attemptsBeforeReady) {
      ready.reject(
        new Error(`The ${name} process ended ${failures} times before it was ready (${signal ?? code}).`),
      )
      return
    }
    const restartInMs = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (failures - 1))
    options.onEvent({ name, kind: 'ended', code, signal, restartInMs })
    retry = setTimeout(launch, restartInMs)
  }

  function launch(): void {
    const startedAt = performance.now()
    const started = spawn(process.execPath, [spec.script, ...(spec.args ?? [])], {
      env: options.env(),
      stdio: ['ignore', options.output, options.output, 'ipc'],
    })
    child = started
    gone = new Promise((resolve) => {
      started.once('exit', (code, signal) => {
        onExit(startedAt, code, signal)
        resolve()
      })
      started.once('error', () => {
        onExit(startedAt, null, null)
        resolve()
      })
    })
    if (started.pid !== undefined) options.onEvent({ name, kind: 'started', pid: started.pid })
    started.on('message', (message) => {
      if (!isReady(message)) return options.onEvent({ name, kind: 'message', message })
      everReady = true
      ready.resolve()
      options.onEvent({ name, kind: 'ready' })
    })
  }

  launch()
  return {
    ready: ready.promise,
    restart: () => {
      child?.kill('SIGTERM')
    },
    stop: async () => {
      stopping = true
      clearTimeout(retry)
      ready.reject(new Error(`The ${name} process was stopped before it was ready.`))
      child?.kill('SIGTERM')
      const kill = new AbortController()
      const killer = delay(killAfterMs, undefined, { signal: kill.signal }).then(
        () => child?.kill('SIGKILL'),
        () => undefined,
      )
      await gone
      kill.abort()
      await killer
    },
  }
}
