import { createHash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import type { ReplayReport } from '../../evaluation/contract.ts'
import type { ReplayTask } from '../../evaluation/index.ts'
import { InvalidInputError, UnavailableError } from '../../kernel/errors.ts'

export type ThreadAnswer = { report: ReplayReport } | { refusal: string }

const MOST_WAITING = 4
const KEPT_REPORTS = 16

/**
 * Replays one task after the other, each in a thread of its own. Who asks for what is under way, or was asked for lately,
 * gets that: the same task always has the same report.
 */
export class ReplayDesk {
  private readonly reports = new Map<string, Promise<ReplayReport>>()
  private waiting = 0
  private last: Promise<unknown> = Promise.resolve()

  /** @throws InvalidInputError as the replay does; UnavailableError when too many wait already */
  async report(task: ReplayTask): Promise<ReplayReport> {
    const key = createHash('sha256').update(JSON.stringify(task)).digest('base64')
    const known = this.reports.get(key)
    if (known !== undefined) return known
    if (this.waiting >= MOST_WAITING)
      throw new UnavailableError(`${this.waiting} replays are under way or wait; try again in a minute.`)
    this.waiting++
    const report = this.last.then(() => inThread(task))
    this.last = report.catch(() => undefined).finally(() => this.waiting--)
    report.catch(() => this.reports.delete(key))
    this.reports.set(key, report)
    for (const old of this.reports.keys()) {
      if (this.reports.size <= KEPT_REPORTS) break
      this.reports.delete(old)
    }
    return report
  }
}

function inThread(task: ReplayTask): Promise<ReplayReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: task })
    worker.once('message', (answer: ThreadAnswer) => {
      if ('report' in answer) resolve(answer.report)
      else reject(new InvalidInputError(answer.refusal))
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`A replay ended early with ${code}.`)))
  })
}
