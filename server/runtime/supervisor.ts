import { openSync, readFileSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'
import { privateDir } from '../kernel/private-file.ts'
import { lockDataDir } from './data-dir-lock.ts'
import { migratedDatabase } from './migrated-database.ts'
import type { Product } from './product-plan.ts'
import { type Run, removeRun, writeRun } from './run-file.ts'
import { type ProcessEvent, type SupervisedProcess, superviseProcess } from './supervised-process.ts'

export type Output = {
  step(name: string, seconds: number): void
  note(text: string): void
}

const maxLogBytes = 16 * 1024 * 1024

const logFile = (dataDir: string, name: string) => path.join(dataDir, 'logs', `${name}.log`)

function openLog(dataDir: string, name: string): number {
  const file = logFile(dataDir, name)
  privateDir(path.dirname(file))
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > maxLogBytes) renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}

function endOfLog(dataDir: string, name: string): string {
  const file = logFile(dataDir, name)
  return `The end of ${file}:\n${readFileSync(file, 'utf8').trimEnd().split('\n').slice(-12).join('\n')}`
}

/**
 * Brings a product up: lock, database and build side by side, migrations, preparation, then one process after the
 * other, each when the one before is ready. When a step fails, or `signal` is aborted, all that was started is
 * ended again. Resolves once everything runs; `ended` resolves when everything has ended.
 */
export async function runProduct(
  product: Product,
  output: Output,
  signal: AbortSignal,
): Promise<{ ended: Promise<'stopped' | 'failed'> }> {
  const dataDir = privateDir(product.dataDir)
  const over = Promise.withResolvers<'stopped' | 'failed'>()
  const undo: (() => Promise<void>)[] = []
  let stopping: Promise<void> | undefined
  const stop = (why: 'stopped' | 'failed') => {
    stopping ??= (async () => {
      for (let each = undo.pop(); each; each = undo.pop()) await each()
      over.resolve(why)
    })()
    return stopping
  }
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted()
    const start = performance.now()
    const result = await work()
    output.step(name, (performance.now() - start) / 1000)
    return result
  }
  try {
    const lock = await lockDataDir(dataDir)
    undo.push(() => lock.release())
    const children: SupervisedProcess[] = []

    const building = timed('build', () =>
      product.build(signal, () => output.note('Building the pages; this takes about a minute.')),
    )
    undo.push(() => building.catch(() => undefined))
    const database = await migratedDatabase(product, timed, {
      onEnded: (ms) => output.note(`The database ended and is started again in ${ms / 1000} s.`),
      onRestarted: (addressesChanged) => {
        output.note('The database is back.')
        if (addressesChanged) for (const child of children) child.restart()
      },
      onGivenUp: (error) => {
        output.note(`The database cannot be started again: ${error instanceof Error ? error.message : error}`)
        void stop('failed')
      },
    })
    undo.push(() => database.stop())
    const environment = await timed('prepare', () => product.prepare(database.addresses()))
    await building

    const run = runRecord(product.address, dataDir, output)
    undo.push(async () => run.end())
    const env = () => ({ ...product.given, ...environment, DATABASE_URL: database.addresses().appUrl })
    signal.throwIfAborted()
    signal.addEventListener('abort', () => void stop('stopped'), { once: true })
    undo.push(async () => {
      await Promise.all(children.map((child) => child.stop()))
    })
    for (const spec of product.processes) {
      await timed(spec.name, () => {
        const log = product.logs === 'inherit' ? 'inherit' : openLog(dataDir, spec.name)
        const child = superviseProcess(spec, { env, output: log, onEvent: run.onEvent })
        children.push(child)
        return child.ready.catch((error: unknown) => {
          if (log === 'inherit' || signal.aborted) throw error
          throw new Error(
            `${error instanceof Error ? error.message : error}\n${endOfLog(dataDir, spec.name)}`,
          )
        })
      })
    }
    return { ended: over.promise }
  } catch (error) {
    await stop('failed')
    throw error
  }
}

/** Keeps the file that says what runs, and tells of every process that ended. */
function runRecord(address: string, dataDir: string, output: Output) {
  const run: Run = { pid: process.pid, address, startedAt: new Date().toISOString(), processes: {} }
  let ended = false
  return {
    onEvent: (event: ProcessEvent) => {
      if (event.kind === 'message' || ended) return
      if (event.kind === 'started') run.processes[event.name] = event.pid
      if (event.kind === 'ended') {
        delete run.processes[event.name]
        const how = event.signal ?? `exit code ${event.code}`
        output.note(`${event.name} ended (${how}) and is started again in ${event.restartInMs / 1000} s.`)
      }
      writeRun(dataDir, run)
    },
    end: () => {
      ended = true
      removeRun(dataDir)
    },
  }
}
