import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { InvalidInputError, ServiceError } from '../kernel/errors.ts'
import { shown } from './csv-rows.ts'
import type { SeriesTask } from './forecast-series.ts'
import { forecastAll, threadsFor } from './forecast-threads.ts'
import { type GridSeries, readSeriesCsv } from './series-csv.ts'

export type ForecastOptions = SeriesTask & { input: string; out: string; json?: boolean }

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }
const MOST_LEVELS = 99

/** Adds `infrasage forecast`: quantile forecasts of every series of a file, each from its past alone. */
export function registerForecastCommand(program: Command): void {
  program
    .command('forecast')
    .description('Forecast every series of a CSV file, from every origin, using only what was known there')
    .requiredOption('--input <file>', 'CSV with columns series_id,timestamp,value (ISO UTC or epoch seconds)')
    .requiredOption('--out <file>', 'CSV to write: series_id,origin,target,lead,q…')
    .addOption(
      new Option('--step <duration>', 'time between values, such as 5m')
        .argParser(parseStep)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--horizon <steps>', 'leads to forecast')
        .argParser(wholeNumber(1, 1000))
        .makeOptionMandatory(),
    )
    .option('--warmup <steps>', 'steps learned before the first origin', wholeNumber(0, 1e9), 1)
    .option('--stride <steps>', 'steps between origins', wholeNumber(1, 1e9), 1)
    .addOption(
      new Option('--quantiles <levels>', 'levels, separated by commas')
        .argParser(parseLevels)
        .default([0.1, 0.5, 0.9, 0.95, 0.99], '0.1,0.5,0.9,0.95,0.99'),
    )
    .option('--seed <number>', 'seed of whatever is random', wholeNumber(0, Number.MAX_SAFE_INTEGER), 1)
    .option('--json', 'print the summary as JSON')
    .action(async (options: ForecastOptions) => {
      const summary = await forecastFile(options)
      const text = `${summary.rows} rows for ${summary.series} series written to ${options.out}`
      process.stdout.write(`${options.json ? JSON.stringify(summary) : text}\n`)
      for (const warning of summary.warnings) process.stderr.write(`warning: ${warning}\n`)
    })
}

export type ForecastSummary = { series: number; rows: number; warnings: string[] }

/**
 * Reads, forecasts and writes. The output appears whole or not at all. Rows of an origin depend on nothing
 * after it.
 * @throws InvalidInputError naming the line and column that is wrong.
 */
export async function forecastFile(options: ForecastOptions): Promise<ForecastSummary> {
  if (resolve(options.input) === resolve(options.out)) {
    throw new InvalidInputError('--out names the input file; expected another one.')
  }
  const series = await readSeriesCsv(options.input, options.step)
  const partial = `${options.out}.partial`
  const file = createWriteStream(partial)
  try {
    await once(file, 'open')
    file.write(`series_id,origin,target,lead,${options.quantiles.map((level) => `q${level}`).join(',')}\n`)
    for await (const lines of forecastAll(series, options, threadsFor(series))) {
      if (!file.write(lines)) await once(file, 'drain')
    }
    file.end()
    await once(file, 'finish')
    await rename(partial, options.out)
  } catch (error) {
    file.destroy()
    await rm(partial, { force: true })
    if (error instanceof Error && 'code' in error && !(error instanceof ServiceError)) {
      throw new InvalidInputError(`${options.out} cannot be written: ${error.message}`)
    }
    throw error
  }
  return { series: series.length, rows: rowsOf(series, options), warnings: warningsOf(series, options) }
}

/** Lines that were written below the header: one per lead from each origin that had seen a value. */
function rowsOf(series: readonly GridSeries[], { warmup, stride, horizon }: ForecastOptions): number {
  return series.reduce((sum, { values }) => {
    const first = Math.max(1, warmup) - 1
    const known = values.findIndex((value) => !Number.isNaN(value))
    if (known < 0 || values.length <= first) return sum
    const skipped = Math.max(0, Math.ceil((known - first) / stride))
    return sum + horizon * Math.max(0, Math.ceil((values.length - first) / stride) - skipped)
  }, 0)
}

function warningsOf(series: readonly GridSeries[], options: ForecastOptions): string[] {
  return series.flatMap(({ id, faults, values }) => {
    const name = shown(id)
    const warnings: string[] = []
    if (faults.count > 0) {
      const what = 'that no demand can have (below zero, or beyond 1e18), taken as missing'
      warnings.push(
        `${name} has ${faults.count} ${faults.count === 1 ? 'value' : 'values'} ${what}; the first is on line ${faults.line}`,
      )
    }
    const measured = values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0)
    if (measured === 0) {
      warnings.push(`${name} has no measured value: nothing was forecast`)
    } else if (2 * measured < values.length) {
      warnings.push(`${name} has ${measured} values on ${values.length} steps: is --step right?`)
    }
    if (values.length < options.warmup) {
      warnings.push(
        `${name} has ${values.length} steps, fewer than the ${options.warmup} of --warmup: nothing was forecast`,
      )
    }
    return warnings
  })
}

export function parseStep(text: string): number {
  const match = /^(\d+)(s|m|h|d)$/.exec(text)
  const seconds = Number(match?.[1]) * (UNIT_SECONDS[match?.[2] ?? ''] ?? Number.NaN)
  if (!(seconds > 0)) throw new InvalidArgumentError('Expected a duration such as 10s, 5m, 1h or 1d.')
  return seconds
}

export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= low && value <= high))
      throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`)
    return value
  }
}

function parseLevels(text: string): number[] {
  const levels = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  const valid = levels.every((level) => level > 0 && level < 1) && new Set(levels).size === levels.length
  if (!valid || levels.length > MOST_LEVELS) {
    throw new InvalidArgumentError(
      `Expected at most ${MOST_LEVELS} different levels between 0 and 1, such as 0.1,0.5,0.9.`,
    )
  }
  return levels
}
