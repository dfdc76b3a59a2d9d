import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { beforeEach, describe, expect, it } from 'vitest'
import { forecastFile, registerForecastCommand } from './forecast.ts'
import { forecastAll } from './forecast-threads.ts'
import type { GridSeries } from './series-csv.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infrasage-forecast-'))
})

/** Runs the command on `input` and returns the output's lines. */
async function run(input: string, ...more: string[]): Promise<string[]> {
  const paths = { input: join(folder, 'in.csv'), out: join(folder, 'out.csv') }
  writeFileSync(paths.input, input)
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} })
  registerForecastCommand(program)
  const defaults = ['--input', paths.input, '--out', paths.out, '--step', '5m', '--horizon', '3']
  await program.parseAsync(['node', 'infrasage', 'forecast', ...defaults, ...more])
  return readFileSync(paths.out, 'utf8').trimEnd().split('\n')
}

const header = 'series_id,timestamp,value'
const epochRows = (id: string, count: number, start = 0) =>
  Array.from({ length: count }, (_, i) => `${id},${start + i * 300},${10 + ((i * 7) % 5)}`)

describe('infrasage forecast', () => {
  it('writes one row per origin and lead in the agreed columns', async () => {
    const lines = await run([header, ...epochRows('a', 4)].join('\n'), '--quantiles', '0.1,0.9')
    expect(lines[0]).toBe('series_id,origin,target,lead,q0.1,q0.9')
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 4).join(','))).toEqual(
      [0, 300, 600, 900].flatMap((origin) => [1, 2, 3].map((k) => `a,${origin},${origin + 300 * k},${k}`)),
    )
  })

  it('answers in the time format of the input, and honours warm-up and stride', async () => {
    const rows = ['a,2026-01-31T23:50:00Z,1', 'a,2026-01-31T23:55:00Z,2', 'a,2026-02-01T00:00:00Z,3']
    const lines = await run([header, ...rows].join('\n'), '--warmup', '3', '--stride', '2')
    expect(lines.slice(1).map((line) => line.split(',').slice(1, 4).join(' '))).toEqual([
      '2026-02-01T00:00:00Z 2026-02-01T00:05:00Z 1',
      '2026-02-01T00:00:00Z 2026-02-01T00:10:00Z 2',
      '2026-02-01T00:00:00Z 2026-02-01T00:15:00Z 3',
    ])
  })

  it('is strictly causal: cutting the input short changes no earlier row', async () => {
    const a = epochRows('a', 60)
    const b = epochRows('b', 50, 1_700_000_100)
    const whole = await run([header, ...a, ...b].join('\n'))
    for (const keep of [2, 17, 41]) {
      const cut = await run([header, ...a.slice(0, keep), ...b.slice(0, keep)].join('\n'))
      expect(cut).toHaveLength(1 + 2 * 3 * keep)
      expect(whole).toEqual(expect.arrayContaining(cut))
    }
  })

  it('reads what spreadsheets write: byte order mark, CRLF, quotes, other columns, another order', async () => {
    const rows = epochRows('a', 5)
    const odd = rows.map((row) => row.split(',')).map(([id, time, value]) => `x,"${value}","${id}",${time}`)
    const plain = await run([header, ...rows].join('\n'))
    expect(await run(`\uFEFFnote,value,series_id,timestamp\r\n${odd.join('\r\n')}\r\n`)).toEqual(plain)
  })

  it('forecasts interleaved series as it does them apart, and keeps names that need quotes', async () => {
    const a = epochRows('"a, ""b"""', 5)
    const b = epochRows('b', 5, 900)
    const apart = await run([header, ...a, ...b].join('\n'))
    expect(await run([header, ...a.flatMap((row, i) => [row, b[i]])].join('\n'))).toEqual(apart)
    expect(apart[1]).toMatch(/^"a, ""b""",0,300,1,/)
  })

  it('gives levels in the order asked, and at any scale', async () => {
    const rows = epochRows('a', 30)
    const at = async (factor: number) => {
      const scaled = rows.map((row) => row.replace(/[^,]+$/, (value) => String(Number(value) * factor)))
      const lines = await run([header, ...scaled].join('\n'), '--quantiles', '0.9,0.1')
      expect(lines[0]).toBe('series_id,origin,target,lead,q0.9,q0.1')
      return lines.slice(-3).map((line) =>
        line
          .split(',')
          .slice(4)
          .map((cell) => Number(cell) / factor),
      )
    }
    const [unit, large] = [await at(1), await at(1e15)]
    for (const [i, [high = 0, low = 0]] of unit.entries()) {
      expect(high).toBeGreaterThan(low)
      expect(large[i]?.[0]).toBeCloseTo(high, 3)
      expect(large[i]?.[1]).toBeCloseTo(low, 3)
    }
  })

  it('says what it left out: faulty values, dead series, warm-ups that never end, a step too short', async () => {
    const path = join(folder, 'in.csv')
    const rows = ['a,0,-1', 'a,300,2', 'a,600,2e18', 'dead,0,', 'dead,300,', ...epochRows('long', 9)]
    writeFileSync(path, [header, ...rows].join('\n'))
    const options = { input: path, out: join(folder, 'out.csv'), step: 60, horizon: 2, warmup: 14, stride: 1 }
    const { warnings } = await forecastFile({ ...options, quantiles: [0.5], seed: 1 })
    expect(warnings.join('\n')).toMatch(/"a" has 2 values that no demand can have .* line 2/)
    expect(warnings.join('\n')).toMatch(/"a" has 11 steps, fewer than the 14 of --warmup/)
    expect(warnings.join('\n')).toMatch(/"dead" has no measured value/)
    expect(warnings.join('\n')).toMatch(/"long" has 9 values on 41 steps: is --step right\?/)
  })

  it('writes the same bytes on one thread and on several, in the order of the file', {
    timeout: 30_000,
  }, async () => {
    const task = { step: 300, horizon: 3, warmup: 1, stride: 7, quantiles: [0.1, 0.9], seed: 1 }
    const series = [40, 300, 3, 120, 60, 5, 70].map(
      (length, i): GridSeries => ({
        id: `s${i}`,
        timeStyle: 'epoch',
        startSeconds: 0,
        values: Array.from({ length }, (_, t) => 10 + ((t * 7) % (5 + i))),
        faults: { count: 0, line: 0 },
      }),
    )
    const text = async (threads: number) => {
      let all = ''
      for await (const lines of forecastAll(series, task, threads)) all += lines
      return all
    }
    expect(await text(2)).toBe(await text(1))
  })

  it('takes an empty value and an absent row as the same gap', async () => {
    const rows = epochRows('a', 20)
    const empty = rows.map((row, i) => (i === 9 ? 'a,2700,' : row))
    const absent = rows.filter((_, i) => i !== 9)
    expect(await run([header, ...empty].join('\n'))).toEqual(await run([header, ...absent].join('\n')))
  })

  it.each([
    ['an earlier time', [...epochRows('a', 3), 'a,300,1'], 'Line 5, column timestamp', 'earlier'],
    ['a repeated time', [...epochRows('a', 3), 'a,600,1'], 'Line 5, column timestamp', 'repeats'],
    ['a time off the grid', [...epochRows('a', 2), 'a,700,1'], 'Line 4, column timestamp', 'off the grid'],
    ['text for a number', ['a,0,1', 'a,300,many'], 'Line 3, column value', 'not a number'],
    ['text for a time', ['a,0,1', 'a,yesterday,1'], 'Line 3, column timestamp', 'not a time'],
    ['a missing column', ['a,0,1', 'a,300'], 'Line 3, column value', '2 columns'],
    ['one sample', ['a,0,1'], 'Line 2, column series_id', 'one sample'],
    ['milliseconds', ['a,1767225600000,1', 'a,1767225900000,1'], 'Line 2, column timestamp', 'milliseconds'],
    ['a day that is none', ['a,2026-02-30T00:00:00Z,1'], 'Line 2, column timestamp', 'not a time in UTC'],
    ['a time of another zone', ['a,2026-02-03T00:00:00+02:00,1'], 'Line 2, column timestamp', 'in UTC'],
    ['a number in another base', ['a,0,0x10', 'a,300,1'], 'Line 2, column value', 'not a number'],
    ['an infinite number', ['a,0,1', 'a,300,Infinity'], 'Line 3, column value', 'not a number'],
    ['a decimal comma', ['a,0,1', 'a,300,"1,5"'], 'Line 3, column value', '"1,5" is not a number'],
    ['a name that is empty', ['a,0,1', ',300,1'], 'Line 3, column series_id', 'empty'],
    ['an unclosed quote', ['a,0,1', '"a,300,1'], 'line 3', 'never closed'],
    ['a stray quote', ['a,0,1', 'a"b,300,1'], 'Line 3', 'quote'],
    ['a line without end', ['a,0,1', `a,300,${'1'.repeat(70_000)}`], 'Line 3', 'longer than'],
    ['a hole that no outage explains', ['a,0,1', 'a,900000000,1'], 'Line 3, column timestamp', 'hole'],
  ])('refuses %s, names line and column, and writes nothing', async (_, rows, place, fault) => {
    const failing = run([header, ...rows].join('\n'))
    await expect(failing).rejects.toThrow(place)
    await expect(failing).rejects.toThrow(fault)
    expect(existsSync(join(folder, 'out.csv'))).toBe(false)
  })

  it('refuses a file without the columns, an empty one and none at all', async () => {
    await expect(run('id,time,value\na,0,1')).rejects.toThrow('header "id,time,value" lacks this column')
    await expect(run(`value,${header}\n1,a,0,1`)).rejects.toThrow('column value: the header')
    await expect(run(header, '--input', folder)).rejects.toThrow('is a folder')
    await expect(run(header, '--out', join(folder, 'in.csv'))).rejects.toThrow('names the input file')
    await expect(run('')).rejects.toThrow('empty')
    await expect(run(header)).rejects.toThrow('no rows')
    await expect(run(header, '--input', join(folder, 'absent.csv'))).rejects.toThrow('There is no file')
    const rows = [header, ...epochRows('a', 3)].join('\n')
    await expect(run(rows, '--out', join(folder, 'no', 'where.csv'))).rejects.toThrow('cannot be written')
  })

  it.each([
    ['--step', '5 minutes'],
    ['--horizon', '0'],
    ['--quantiles', '0.9,1'],
    ['--quantiles', '0.5,0.5'],
    ['--stride', '0'],
  ])('refuses %s %s', async (option, value) => {
    await expect(run([header, ...epochRows('a', 3)].join('\n'), option, value)).rejects.toThrow('Expected')
  })
})
