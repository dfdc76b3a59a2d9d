import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import { geometricMean } from '../evaluation/index.ts'
import { type ScoreLine, ScoreLineSchema, table } from './bench-report.ts'

const HELP = `npm run tune:forecast -- FILE.ts:NAME=A;B;C [--full]

Tries values of a constant of server/forecast/FILE.ts on the dev half alone, by rolling origins, e.g.
  npm run tune:forecast -- 'mixture.ts:SHARPNESS=20;40;80'
The left-out score of a family is that of the value which is best on all other families.
  --full   whole series instead of their last 4,032 steps`

type Trial = { value: string; lines: ScoreLine[] }

const here = (file: string): string => join(import.meta.dirname, file)

/** `npm run tune:forecast`: cross-validates one constant of the engine over families of the dev half. */
function main(): void {
  const [wish = '', ...flags] = process.argv.slice(2)
  const [constant = '', values = ''] = wish.split(/=(.*)/s)
  if (!/^[\w./-]+\.ts:\w+$/.test(constant) || values === '') {
    process.stdout.write(`${HELP}\n`)
    process.exit(2)
  }
  const trials = values.split(';').map((value) => ({ value, lines: run(constant, value, flags) }))
  process.stdout.write(`${report(constant, trials)}\n`)
}

function run(constant: string, value: string, flags: readonly string[]): ScoreLine[] {
  const speed = flags.includes('--full') ? [] : ['--fast']
  const output = execFileSync(
    process.execPath,
    ['--import', here('tune-constant.ts'), here('bench-forecast.ts'), '--half', 'dev', '--json', ...speed],
    { env: { ...process.env, TUNE: `${constant}=${value}` }, encoding: 'utf8', maxBuffer: 1e8 },
  )
  return z.array(ScoreLineSchema).parse(JSON.parse(output))
}

function report(constant: string, trials: readonly Trial[]): string {
  const rows = trials.map(({ value, lines }) => {
    const held = lines.map(({ coverage90 }) => Math.abs(coverage90 - 0.9))
    return [
      value,
      lossOf(lines).toFixed(4),
      Math.max(...lines.map(({ toEmpirical }) => toEmpirical)).toFixed(3),
      geometricMean(lines.map(({ coldToEmpirical }) => coldToEmpirical).filter(usable)).toFixed(4),
      (held.reduce((sum, miss) => sum + miss, 0) / held.length).toFixed(4),
    ]
  })
  const families = [...new Set(trials[0]?.lines.map(({ family }) => family))]
  const chosen = families.map((family) =>
    trials.reduce((a, b) => (lossOf(without(b, family)) < lossOf(without(a, family)) ? b : a)),
  )
  const leftOut = chosen.flatMap(({ lines }, i) => lines.filter(({ family }) => family === families[i]))
  const votes = trials.map(({ value }) => `${value}: ${chosen.filter((each) => each.value === value).length}`)
  return [
    table(
      `${constant} | to last value normal | worst to empirical | first 60 values | mean miss of 90% held`,
      rows,
    ),
    `Chosen by cross-validation over ${families.length} families ${votes.join(', ')} times; left-out score ${lossOf(leftOut).toFixed(4)}.`,
  ].join('\n')
}

const usable = (value: number): boolean => Number.isFinite(value) && value > 0
const without = ({ lines }: Trial, family: string) => lines.filter((line) => line.family !== family)

/** Geometric mean over families of the geometric mean of their series, so that no family outweighs another. */
function lossOf(lines: readonly ScoreLine[]): number {
  const families = [...Map.groupBy(lines, ({ family }) => family).values()]
  return geometricMean(
    families.map((members) => geometricMean(members.map(({ toNormal }) => toNormal).filter(usable))),
  )
}

main()
